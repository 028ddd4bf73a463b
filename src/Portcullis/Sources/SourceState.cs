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

    public FetchResult Last { get; set; } = new FetchResult.Current();

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

    public InventoryMemory Inventory { get; } = new();

    public SourceWrites Writes { get; } = new();

    /// <summary>Look at the repository at the next visit, whatever the interval.</summary>
    public void Nudge() => Volatile.Write(ref _nudged, 1);

    public bool TakeNudge() => Interlocked.Exchange(ref _nudged, 0) == 1;

    public void Dispose() => Watcher?.Dispose();
}

/// <summary>The commit that last changed an object, its author, and the object's line in that commit.</summary>
internal sealed record ObjectStamp(string Commit, string Author, string Path)
{
    public string Checksum => CanonicalJson.Digest(System.Text.Encoding.UTF8.GetBytes($"{Commit}\n{Author}\n{Path}"))[..8];
}
