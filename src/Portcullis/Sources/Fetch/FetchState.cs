using Portcullis.Clients.Git;
using Portcullis.Core.Sources;
using Portcullis.Http.Retries;

namespace Portcullis.Sources.Fetch;

/// <summary>What is remembered of a source's repository. Only <see cref="Nudge"/> may be called from any thread.</summary>
internal sealed class FetchState : IDisposable
{
    private int _nudged = 1;

    public GitMirror? Mirror { get; set; }

    /// <summary>What the mirror was made for: address and credentials.</summary>
    public GitRemote? Remote { get; set; }

    public LocalRepositoryWatcher? Watcher { get; set; }

    /// <summary>The ref that <see cref="Watcher"/> watches; null when nothing, or another repository's.</summary>
    public string? Watched { get; set; }

    public ManifestTree? Tree { get; set; }

    /// <summary>What the mirror was last seen to hold: a commit or a tag object.</summary>
    public string? Fetched { get; set; }

    /// <summary>The commit in force that the mirror has yet to keep, whatever becomes of its branch.</summary>
    public string? ToKeep { get; set; }

    /// <summary>What of the spec the last poll went by.</summary>
    public string? AcceptedBy { get; set; }

    public FetchResult Last { get; set; } = new FetchResult.Current();

    /// <summary>When the repository is polled next, by <see cref="MonotonicTime"/>.</summary>
    public TimeSpan Next { get; set; }

    /// <summary>When the revision in force was first seen, by <see cref="MonotonicTime"/>.</summary>
    public TimeSpan? NoticedAt { get; set; }

    /// <summary>Poll the repository at the next reconcile, whatever the interval.</summary>
    public void Nudge() => Volatile.Write(ref _nudged, 1);

    public bool TakeNudge() => Interlocked.Exchange(ref _nudged, 0) == 1;

    public void Dispose() => Watcher?.Dispose();
}
