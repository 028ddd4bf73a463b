using System.Text.Json.Nodes;
using Portcullis.Cluster;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Bindings;

/// <summary>Foreign access in one namespace of a collection; without a path it is in every namespace.</summary>
internal sealed record PlacedForeignAccess(string? Collection, ForeignAccess Access);

/// <summary>Finds what bindings of a cluster give besides Grants, for the command line.</summary>
internal sealed class ForeignAccessLookup(KubernetesClient client)
{
    /// <summary>In the namespaces of collections, by path; of one collection and those below it where a path is given.</summary>
    public async Task<IReadOnlyList<PlacedForeignAccess>> InCollectionsAsync(string? within, CancellationToken cancellationToken)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var one in client.ListAsync<NamespaceObject>(new ListOptions(), cancellationToken))
        {
            if (one.Metadata.Annotation(WellKnown.Annotations.AccessLabel) is { } path && (within is null || CollectionPath.IsWithin(path, within)))
            {
                paths[one.Metadata.Key.Name] = path;
            }
        }

        var found = ForeignAccess.Among(await ListAsync(ClusterKinds.RoleBinding, cancellationToken));
        return
        [
            .. found.Where(f => paths.ContainsKey(f.Binding.Namespace))
                .Select(f => new PlacedForeignAccess(paths[f.Binding.Namespace], f))
                .OrderBy(f => f.Collection, StringComparer.Ordinal).ThenBy(f => f.Access.Binding),
        ];
    }

    /// <summary>What ClusterRoleBindings give in every namespace, without those that the API server makes itself.</summary>
    public async Task<IReadOnlyList<PlacedForeignAccess>> EverywhereAsync(CancellationToken cancellationToken) =>
        [.. ForeignAccess.Among(await ListAsync(ClusterKinds.ClusterRoleBinding, cancellationToken)).Select(f => new PlacedForeignAccess(null, f))];

    private async Task<List<JsonObject>> ListAsync(ApiResource kind, CancellationToken cancellationToken)
    {
        var found = new List<JsonObject>();
        await foreach (var one in client.ListAsync(kind, new ListOptions(), cancellationToken))
        {
            found.Add(one);
        }

        return found;
    }
}
