using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Sources.Apply;

/// <summary>
/// Reads and writes the inventory of a source. It is read once; after that this process is the only writer, and what it has in memory
/// is always what was last stored: what somebody else made of it is undone.
/// </summary>
internal sealed class SourceInventories(KubernetesClient client)
{
    private static readonly WriteOptions Write = new(WellKnown.Managers.GitSources);

    public async Task LoadAsync(string source, InventoryMemory memory, CancellationToken cancellationToken)
    {
        if (memory.Shards is not null)
        {
            await RestoreAsync(source, memory, cancellationToken);
            return;
        }

        var shards = new List<InventoryShard>();
        var options = new ListOptions { LabelSelector = $"{WellKnown.Labels.InventoryOf}={source}" };
        await foreach (var value in client.ListAsync(SourceInventory.Definition, options, cancellationToken))
        {
            shards.Add(Read(memory, value));
        }

        memory.Load(shards);
    }

    public Task RecordAsync(string source, InventoryMemory memory, IEnumerable<InventoryEntry> entries, CancellationToken cancellationToken) =>
        StoreAsync(source, memory, InventoryShards.Add(source, memory.Shards!, entries), cancellationToken);

    public Task ForgetAsync(string source, InventoryMemory memory, IEnumerable<InventoryEntry> entries, CancellationToken cancellationToken) =>
        StoreAsync(source, memory, InventoryShards.Remove(memory.Shards!, entries.Select(e => e.Identity).ToHashSet()), cancellationToken);

    private async Task RestoreAsync(string source, InventoryMemory memory, CancellationToken cancellationToken)
    {
        foreach (var (name, version) in memory.TakeDoubts())
        {
            if (memory.Find(name) is { } ours)
            {
                await WriteAsync(source, memory, ours, cancellationToken);
            }
            else if (version is not null && await client.GetAsync(SourceInventory.Definition, ObjectKey.Cluster(name), cancellationToken) is { } found)
            {
                // A shard set back from before: what it lists may still be there.
                memory.Store(Read(memory, found));
            }
        }
    }

    private static InventoryShard Read(InventoryMemory memory, JsonObject value)
    {
        var name = value.Object("metadata").String("name")!;
        memory.Know(name, value.Object("metadata").String("resourceVersion") ?? "");
        var entries = (value.Object("spec").Array("entries") ?? [])
            .Select(e => e is JsonValue text && text.TryGetValue(out string? line) ? InventoryEntry.Parse(line) : null)
            .OfType<InventoryEntry>();
        return new InventoryShard(name, [.. entries]);
    }

    private async Task WriteAsync(string source, InventoryMemory memory, InventoryShard shard, CancellationToken cancellationToken)
    {
        var stored = await client.ApplyAsync(SourceInventory.Definition, Body(source, shard), Write, cancellationToken);
        memory.Know(shard.Name, stored.Object("metadata").String("resourceVersion") ?? "");
    }

    private async Task StoreAsync(string source, InventoryMemory memory, IReadOnlyList<InventoryShard> changed, CancellationToken cancellationToken)
    {
        foreach (var shard in changed)
        {
            if (shard.Entries.Count == 0)
            {
                await client.DeleteAsync(SourceInventory.Definition, ObjectKey.Cluster(shard.Name), new DeleteOptions(), cancellationToken);
                memory.Deleted(shard.Name);
            }
            else
            {
                await WriteAsync(source, memory, shard, cancellationToken);
            }

            memory.Store(shard);
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
