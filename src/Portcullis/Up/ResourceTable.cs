using Portcullis.Core.Hardening;
using Portcullis.Core.Kinds;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Up;

/// <summary>Every resource that Git may declare, and the nodes' reports, as the API has them now, in the order of the catalog.</summary>
internal sealed class ResourceTable(KubernetesClient client, KindSet kinds)
{
    public async Task<IReadOnlyList<ResourceRow>> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = new List<ResourceRow>();
        foreach (var kind in kinds.All.Where(IsShown))
        {
            var first = rows.Count;
            await foreach (var value in client.ListAsync(kind.Resource, new ListOptions(), cancellationToken))
            {
                rows.Add(ResourceRow.Of(kind, value));
            }

            rows.Sort(first, rows.Count - first, Comparer<ResourceRow>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name)));
        }

        return rows;
    }

    /// <summary>What the program writes for itself has no readiness of its own, and what it says is in other rows.</summary>
    private static bool IsShown(KindDefinition kind) => kind.Declarable || kind.Resource.Kind == NodeReport.Definition.Kind;
}
