using Portcullis.Core.Kinds;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Up;

/// <summary>Every resource of ours as the API has it now, in the order of the catalog.</summary>
internal sealed class ResourceTable(KubernetesClient client, KindSet kinds)
{
    // Only the program writes these, and what they say is in other rows.
    private static readonly string[] Internal = ["SourceInventory"];

    public async Task<IReadOnlyList<ResourceRow>> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = new List<ResourceRow>();
        foreach (var kind in kinds.All.Where(k => !Internal.Contains(k.Resource.Kind)))
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
}
