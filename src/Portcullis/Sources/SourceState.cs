using System.Collections.Concurrent;
using Portcullis.Clients.Git;
using Portcullis.Core.Kinds;
using Portcullis.Core.Sources;
using Portcullis.Objects.Json;

namespace Portcullis.Sources;

/// <summary>
/// What this process remembers of one source between visits. All of it can be rebuilt from Git and the cluster; it is here so that an
/// unchanged repository costs one question and no write. Only the one visit at a time that a source gets changes it, but for
/// <see cref="Nudge"/>.
/// </summary>
internal sealed class SourceState : IDisposable
{
    private readonly ConcurrentDictionary<string, string?> _doubted = [];
    private int _nudged = 1;

    public GitMirror? Mirror { get; set; }

    /// <summary>What the mirror was made for: address and credentials.</summary>
    public GitRemote? Remote { get; set; }

    public LocalRepositoryWatcher? Watcher { get; set; }

    /// <summary>The ref that <see cref="Watcher"/> watches; null when nothing, or another repository's.</summary>
    public string? Watched { get; set; }

    public ManifestTree? Tree { get; set; }

    public SourceRevision? InForce { get; set; }

    /// <summary>What the mirror was last seen to hold: a commit or a tag object.</summary>
    public string? Fetched { get; set; }

    /// <summary>The commit in force that the mirror has yet to keep, whatever becomes of its branch.</summary>
    public string? ToKeep { get; set; }

    /// <summary>What of the spec the last look went by.</summary>
    public string? JudgedBy { get; set; }

    public LookResult Last { get; set; } = new LookResult.Current();

    /// <summary>By <see cref="MonotonicTime"/>.</summary>
    public TimeSpan NextLook { get; set; }

    /// <summary>When the revision in force was first seen, by <see cref="MonotonicTime"/>.</summary>
    public TimeSpan? NoticedAt { get; set; }

    /// <summary>What was told last; the store may lag behind it.</summary>
    public GitSourceStatus? Reported { get; set; }

    /// <summary>The refused revision whose problems were told in an Event.</summary>
    public string? Announced { get; set; }

    /// <summary>Drift that was told and counted (mode Warn).</summary>
    public Dictionary<ObjectIdentity, string> KnownDrift { get; set; } = [];

    /// <summary>The commit whose prune was counted as blocked.</summary>
    public string? BlockedAt { get; set; }

    public (long? Generation, TimeSpan At, IReadOnlyList<string> Paths)? ReceiverPaths { get; set; }

    /// <summary>Null until read from the cluster.</summary>
    public IReadOnlyList<InventoryShard>? Inventory { get; set; }

    /// <summary>The versions of the inventory's shards as this process read or wrote them.</summary>
    public ConcurrentDictionary<string, string> InventoryVersions { get; } = [];

    public Dictionary<ObjectIdentity, FailedWrite> Failures { get; } = [];

    /// <summary>Where an object's content came from, as stamped by this process.</summary>
    public Dictionary<ObjectIdentity, (string Digest, ObjectStamp Stamp)> Stamps { get; } = [];

    /// <summary>What was done for the revision in force, until it is wholly applied.</summary>
    public ApplyTally Tally { get; set; } = new();

    /// <summary>Differences that the server makes by its own spelling of what it was given (1000m and 1), as last seen right after a write.</summary>
    public Dictionary<ObjectIdentity, (string Digest, string Differences)> Spellings { get; } = [];

    /// <summary>A shard of the inventory was seen at a version (null: gone). True when that is news to this process.</summary>
    public bool Doubt(string shard, string? version)
    {
        if (version is not null && InventoryVersions.GetValueOrDefault(shard) == version)
        {
            _doubted.TryRemove(shard, out _); // an older version of ours came late
            return false;
        }

        _doubted[shard] = version;
        return true;
    }

    /// <summary>All that this process stored of the inventory may be gone.</summary>
    public void DoubtInventory()
    {
        foreach (var shard in InventoryVersions.Keys)
        {
            _doubted[shard] = "";
        }
    }

    /// <summary>The shards seen at another version than this process knows of: asked between visits, when no write of its own is under way.</summary>
    public IReadOnlyList<(string Shard, string? Version)> TakeDoubts()
    {
        var doubts = new List<(string, string?)>();
        foreach (var shard in _doubted.Keys)
        {
            if (_doubted.TryRemove(shard, out var version) && InventoryVersions.GetValueOrDefault(shard) != version)
            {
                doubts.Add((shard, version));
            }
        }

        return doubts;
    }

    /// <summary>Look at the repository at the next visit, whatever the interval.</summary>
    public void Nudge() => Volatile.Write(ref _nudged, 1);

    public bool TakeNudge() => Interlocked.Exchange(ref _nudged, 0) == 1;

    public void Dispose() => Watcher?.Dispose();
}

/// <summary>A write that the server refused, and when it is tried again.</summary>
internal sealed record FailedWrite(string Digest, string Message, int Count, TimeSpan RetryAt);

/// <summary>Counts the objects that a revision changed. One that is written again before the watch has shown it still is one.</summary>
internal sealed class ApplyTally
{
    private readonly Dictionary<ObjectIdentity, bool> _created = [];

    public int Created => _created.Values.Count(c => c);

    public int Configured => _created.Values.Count(c => !c);

    public int Pruned { get; set; }

    public void Wrote(ObjectIdentity identity, ApplyAction action)
    {
        if (action is ApplyAction.Create or ApplyAction.Configure)
        {
            _created.TryAdd(identity, action is ApplyAction.Create);
        }
    }
}

/// <summary>The commit that last changed an object, its author, and the object's line in that commit.</summary>
internal sealed record ObjectStamp(string Commit, string Author, string Path)
{
    public string Checksum => CanonicalJson.Digest(System.Text.Encoding.UTF8.GetBytes($"{Commit}\n{Author}\n{Path}"))[..8];
}
