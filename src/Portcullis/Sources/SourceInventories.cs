using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Sources;

/// <summary>
/// Reads and writes the inventory of a source. It is read once; after that this process is the only writer, and what it has in memory
/// is always what was last stored.
/// </summary>
internal sealed class SourceInventories(IKubernetesClient client)
{
    private static readonly WriteOptions Write = new(WellKnown.Managers.GitSources);

    public async Task LoadAsync(string source, SourceState state, CancellationToken cancellationToken)
    {
        if (state.Inventory is not null)
        {
            return;
        }

        var shards = new List<InventoryShard>();
        var options = new ListOptions { LabelSelector = $"{WellKnown.Labels.InventoryOf}={source}" };
        await foreach (var value in client.ListAsync(SourceInventory.Definition, options, cancellationToken))
        {
            var entries = (value.Object("spec").Array("entries") ?? [])
                .Select(e => e is JsonValue text && text.TryGetValue(out string? line) ? InventoryEntry.Parse(line) : null)
                .OfType<InventoryEntry>();
            shards.Add(new InventoryShard(value.Object("metadata").String("name")!, [.. entries]));
        }

        state.Inventory = [.. shards.OrderBy(s => s.Name, StringComparer.Ordinal)];
    }

    public Task RecordAsync(string source, SourceState state, IEnumerable<InventoryEntry> entries, CancellationToken cancellationToken) =>
        StoreAsync(source, state, InventoryShards.Add(source, state.Inventory!, entries), cancellationToken);

    public Task ForgetAsync(string source, SourceState state, IEnumerable<InventoryEntry> entries, CancellationToken cancellationToken) =>
        StoreAsync(source, state, InventoryShards.Remove(state.Inventory!, entries.Select(e => e.Identity).ToHashSet()), cancellationToken);

    private async Task StoreAsync(string source, SourceState state, IReadOnlyList<InventoryShard> changed, CancellationToken cancellationToken)
    {
        foreach (var shard in changed)
        {
            if (shard.Entries.Count == 0)
            {
                await client.DeleteAsync(SourceInventory.Definition, ObjectKey.Cluster(shard.Name), new DeleteOptions(), cancellationToken);
            }
            else
            {
                await client.ApplyAsync(SourceInventory.Definition, Body(source, shard), Write, cancellationToken);
            }

            state.Inventory = [.. state.Inventory!.Where(s => s.Name != shard.Name).Append(shard).Where(s => s.Entries.Count > 0).OrderBy(s => s.Name, StringComparer.Ordinal)];
        }
    }

    private static JsonObject Body(string source, InventoryShard shard)
    {
        var entries = new JsonArray();
        foreach (var entry in shard.Entries)
        {
            entries.Add((JsonNode)JsonValue.Create(entry.ToString()));
        }

        return new JsonObject
        {
            ["apiVersion"] = SourceInventory.Definition.ApiVersion,
            ["kind"] = SourceInventory.Definition.Kind,
            ["metadata"] = new JsonObject { ["name"] = shard.Name, ["labels"] = new JsonObject { [WellKnown.Labels.InventoryOf] = source } },
            ["spec"] = new JsonObject { ["source"] = source, ["entries"] = entries },
        };
    }
}
