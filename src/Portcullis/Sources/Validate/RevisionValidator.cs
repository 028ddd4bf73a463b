using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Scopes;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Sources.Apply;

namespace Portcullis.Sources.Validate;

/// <summary>
/// Judges a whole revision before the first write: every file's own problems, kinds and names, the rules across resources, the source's
/// scope, and (for kinds whose schema is not ours) the server's own validation by dry run.
/// </summary>
internal sealed class RevisionValidator(KubernetesClient client, LiveObjects live, ServerValidation server, KindSet kinds, GitSourcesOptions options)
{
    public async Task<(RevisionContent Content, IReadOnlyList<RevisionProblem> Problems)> ValidateAsync(
        GitSource source, IReadOnlyList<RevisionFile> files, IReadOnlyList<RevisionProblem> found, CancellationToken cancellationToken)
    {
        var foreign = await FindKindsAsync(files, cancellationToken);
        var content = RevisionContent.Assemble(files, kinds, (apiVersion, kind) => foreign.GetValueOrDefault((apiVersion, kind)));

        // All of our kinds, not only those declared here: a Grant may name a Collection of another source.
        var ours = kinds.Declarable.Select(k => k.Resource);
        await live.FollowAsync(ours.Concat(content.Objects.Select(o => o.Resource)), cancellationToken);
        var revision = content.ToDeclared(found, live.OwnedByOthers(source.Key.Name));
        var problems = found.Concat(content.Problems)
            .Concat(RevisionRules.Check(revision, kinds))
            .Concat(ScopeCheck.Check(revision, source.ToScopeHolder(options.RootSource), kinds, o => live.OwnerOf(ObjectIdentity.Of(o.Resource.ApiVersion, o.Resource.Kind, o.Key))))
            .ToList();
        if (problems.Count == 0)
        {
            problems.AddRange(await server.CheckAsync(source.Key.Name, content, cancellationToken));
        }

        return (content, RevisionProblem.InOrder(problems));
    }

    /// <summary>Asks the server for the place of every kind that is not ours; a CRD in the revision itself counts as well.</summary>
    private async Task<Dictionary<(string ApiVersion, string Kind), ApiResource>> FindKindsAsync(
        IReadOnlyList<RevisionFile> files, CancellationToken cancellationToken)
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
