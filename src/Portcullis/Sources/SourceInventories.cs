using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Sources;

/// <summary>
/// Reads and writes the inventory of a source. It is read once; after that this process is the only writer, and what it has in memory
/// is always what was last stored: what somebody else made of it is undone.
/// </summary>
internal sealed class SourceInventories(IKubernetesClient client)
{
    private static readonly WriteOptions Write = new(WellKnown.Managers.GitSources);

    public async Task LoadAsync(string source, SourceState state, CancellationToken cancellationToken)
    {
        if (state.Inventory is not null)
        {
            await RestoreAsync(source, state, cancellationToken);
            return;
        }

        var shards = new List<InventoryShard>();
        var options = new ListOptions { LabelSelector = $"{WellKnown.Labels.InventoryOf}={source}" };
        await foreach (var value in client.ListAsync(SourceInventory.Definition, options, cancellationToken))
        {
            shards.Add(Read(state, value));
        }

        state.Inventory = [.. shards.OrderBy(s => s.Name, StringComparer.Ordinal)];
    }

    public Task RecordAsync(string source, SourceState state, IEnumerable<InventoryEntry> entries, CancellationToken cancellationToken) =>
        StoreAsync(source, state, InventoryShards.Add(source, state.Inventory!, entries), cancellationToken);

    public Task ForgetAsync(string source, SourceState state, IEnumerable<InventoryEntry> entries, CancellationToken cancellationToken) =>
        StoreAsync(source, state, InventoryShards.Remove(state.Inventory!, entries.Select(e => e.Identity).ToHashSet()), cancellationToken);

    private async Task RestoreAsync(string source, SourceState state, CancellationToken cancellationToken)
    {
        foreach (var (name, version) in state.TakeDoubts())
        {
            if (state.Inventory!.FirstOrDefault(s => s.Name == name) is { } ours)
            {
                await WriteAsync(source, state, ours, cancellationToken);
            }
            else if (version is not null && await client.GetAsync(SourceInventory.Definition, ObjectKey.Cluster(name), cancellationToken) is { } found)
            {
                // A shard set back from before: what it lists may still be there.
                state.Inventory = [.. state.Inventory!.Append(Read(state, found)).OrderBy(s => s.Name, StringComparer.Ordinal)];
            }
        }
    }

    private static InventoryShard Read(SourceState state, JsonObject value)
    {
        var name = value.Object("metadata").String("name")!;
        state.InventoryVersions[name] = value.Object("metadata").String("resourceVersion") ?? "";
        var entries = (value.Object("spec").Array("entries") ?? [])
            .Select(e => e is JsonValue text && text.TryGetValue(out string? line) ? InventoryEntry.Parse(line) : null)
            .OfType<InventoryEntry>();
        return new InventoryShard(name, [.. entries]);
    }

    private async Task WriteAsync(string source, SourceState state, InventoryShard shard, CancellationToken cancellationToken)
    {
        var stored = await client.ApplyAsync(SourceInventory.Definition, Body(source, shard), Write, cancellationToken);
        state.InventoryVersions[shard.Name] = stored.Object("metadata").String("resourceVersion") ?? "";
    }

    private async Task StoreAsync(string source, SourceState state, IReadOnlyList<InventoryShard> changed, CancellationToken cancellationToken)
    {
        foreach (var shard in changed)
        {
            if (shard.Entries.Count == 0)
            {
                await client.DeleteAsync(SourceInventory.Definition, ObjectKey.Cluster(shard.Name), new DeleteOptions(), cancellationToken);
                state.InventoryVersions.TryRemove(shard.Name, out _);
            }
            else
            {
                await WriteAsync(source, state, shard, cancellationToken);
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
