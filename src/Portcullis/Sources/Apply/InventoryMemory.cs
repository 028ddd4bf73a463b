using System.Collections.Concurrent;
using Portcullis.Core.Sources;

namespace Portcullis.Sources.Apply;

/// <summary>
/// The inventory of one source as this process last read or stored it. The reconcile of the source changes it; the watch, from its own
/// thread, only says what it saw to be different.
/// </summary>
internal sealed class InventoryMemory
{
    private readonly ConcurrentDictionary<string, string> _versions = [];
    private readonly ConcurrentDictionary<string, string?> _doubted = [];

    /// <summary>Null until read from the cluster.</summary>
    public IReadOnlyList<InventoryShard>? Shards { get; private set; }

    public IEnumerable<InventoryEntry> Entries => (Shards ?? []).SelectMany(s => s.Entries);

    /// <summary>Everything that the cluster has.</summary>
    public void Load(IEnumerable<InventoryShard> shards) => Shards = [.. shards.OrderBy(s => s.Name, StringComparer.Ordinal)];

    /// <summary>A shard is stored like this; an empty one is deleted.</summary>
    public void Store(InventoryShard shard) =>
        Load((Shards ?? []).Where(s => s.Name != shard.Name).Append(shard).Where(s => s.Entries.Count > 0));

    public InventoryShard? Find(string shard) => Shards?.FirstOrDefault(s => s.Name == shard);

    /// <summary>The version of a shard that was read or stored.</summary>
    public void Know(string shard, string version) => _versions[shard] = version;

    public void Deleted(string shard) => _versions.TryRemove(shard, out _);

    /// <summary>A shard was seen at a version (null: gone). True when that is news to this process.</summary>
    public bool Doubt(string shard, string? version)
    {
        if (version is not null && _versions.GetValueOrDefault(shard) == version)
        {
            _doubted.TryRemove(shard, out _); // an older version of ours came late
            return false;
        }

        _doubted[shard] = version;
        return true;
    }

    /// <summary>All that this process stored may be gone.</summary>
    public void DoubtAll()
    {
        foreach (var shard in _versions.Keys)
        {
            _doubted[shard] = "";
        }
    }

    /// <summary>The shards seen at another version than this process knows of: asked between reconciles, when no write of its own is under way.</summary>
    public IReadOnlyList<(string Shard, string? Version)> TakeDoubts()
    {
        var doubts = new List<(string, string?)>();
        foreach (var shard in _doubted.Keys)
        {
            if (_doubted.TryRemove(shard, out var version) && _versions.GetValueOrDefault(shard) != version)
            {
                doubts.Add((shard, version));
            }
        }

        return doubts;
    }
}
