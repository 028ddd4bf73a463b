using Portcullis.Core.Kinds;

namespace Portcullis.Core.Sources;

/// <summary>The revision in force, as far as a status reports it.</summary>
public sealed record RevisionInForce
{
    /// <summary><c>main@sha1:…</c>.</summary>
    public required string Revision { get; init; }

    public required string Commit { get; init; }

    public required string Author { get; init; }

    /// <summary>What was followed when it was read: URL and ref.</summary>
    public required string Observed { get; init; }

    /// <summary>The folder that it was read from.</summary>
    public string Folder { get; init; } = "";

    public required int Objects { get; init; }

    /// <summary>Who signed it; null when nobody had to.</summary>
    public string? SignedBy { get; init; }

    /// <summary>What was left out, such as submodules.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Where an object is declared, <c>file:line</c>; null when it is not.</summary>
    public required Func<ObjectIdentity, string?> PositionOf { get; init; }

    /// <summary>As sentences name it; status fields have the whole of it.</summary>
    public string Short => Commit[..8];
}

/// <summary>How many objects were written and deleted for the revision in force, until it was wholly applied.</summary>
public readonly record struct AppliedCounts(int Created, int Configured, int Pruned);

/// <summary>The path of each receiver, empty for one that cannot listen, and why the first such one cannot.</summary>
public sealed record ListeningReceivers(IReadOnlyList<string> Paths, string? Problem);

/// <summary>What is true of a source after the repository was asked and the plan was run.</summary>
public sealed record SourceReadBack
{
    public required GitSource Source { get; init; }

    /// <summary>The status that was reported last.</summary>
    public required GitSourceStatus Before { get; init; }

    public required FetchResult Fetch { get; init; }

    /// <summary>Null when nothing is in force: the repository was never read, or never valid.</summary>
    public RevisionInForce? InForce { get; init; }

    /// <summary>Null without a revision in force.</summary>
    public ApplyPlan? Plan { get; init; }

    /// <summary>The results of the actions that were due now.</summary>
    public IReadOnlyList<ActionResult> Results { get; init; } = [];

    /// <summary>Objects whose write or deletion failed and is yet to succeed, now or at an earlier time.</summary>
    public IReadOnlyList<ObjectFinding> Failures { get; init; } = [];

    /// <summary>When the next of those is due; null when none is.</summary>
    public TimeSpan? RetryIn { get; init; }

    /// <summary>When the repository is asked next.</summary>
    public TimeSpan FetchIn { get; init; }

    public AppliedCounts Counts { get; init; }

    /// <summary>Since the revision in force was first seen.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Where its receivers listen; null when it has none.</summary>
    public ListeningReceivers? Receivers { get; init; }

    /// <summary>The rejected revision whose problems were reported in an Event already.</summary>
    public string? Announced { get; init; }

    /// <summary>Events about what was brought back to what Git says.</summary>
    public IReadOnlyList<ReportedEvent> Reverts { get; init; } = [];
}
