using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Sources.Validate;

/// <summary>The place in the API of every kind of a revision that is not ours: from the revision's own definitions, else from the server.</summary>
internal static class ForeignKinds
{
    public static async Task<Dictionary<(string ApiVersion, string Kind), ApiResource>> FindAsync(
        KubernetesClient client, IReadOnlyList<RevisionFile> files, KindSet kinds, CancellationToken cancellationToken)
    {
        var found = DeclaredKinds.Of(files);
        foreach (var (apiVersion, kind) in files.SelectMany(f => f.File.Manifests).Select(m => (m.ApiVersion, m.Kind)).Distinct())
        {
            if (kinds.Find(apiVersion, kind) is null && !found.ContainsKey((apiVersion, kind))
                && await client.FindResourceAsync(apiVersion, kind, cancellationToken) is { } resource)
            {
                found[(apiVersion, kind)] = resource;
            }
        }

        return found;
    }
}
