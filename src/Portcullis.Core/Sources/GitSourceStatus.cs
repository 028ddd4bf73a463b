using System.ComponentModel;

namespace Portcullis.Core.Sources;

/// <summary>How far the cluster has come with the repository. Lists are bounded; the counts beside them are not.</summary>
public sealed record GitSourceStatus : DeclarableStatus
{
    /// <summary>The most entries of any list here.</summary>
    public const int ListLimit = 20;

    public const int HistoryLimit = 5;

    [Description("The last commit that was applied completely.")]
    public string? LastAppliedCommit { get; init; }

    [Description("The same with its ref: main@sha1:<commit>.")]
    public string? LastAppliedRevision { get; init; }

    [Description("The newest commit that was attempted, accepted or rejected.")]
    public string? LastAttemptedRevision { get; init; }

    [Description("The newest revision that passed verification and validation: the one that is applied.")]
    public string? InForceRevision { get; init; }

    [Description("The URL and ref that are followed. A change of them may change history.")]
    public string? ObservedSource { get; init; }

    [Description("The folder that the revision in force was read from, empty for the whole repository.")]
    public string? ObservedPath { get; init; }

    [Description("The objects declared by the revision in force.")]
    public int? Objects { get; init; }

    [Description("The last revisions that were applied completely, newest first.")]
    public IReadOnlyList<AppliedRevision>? History { get; init; }

    [Description("Objects that are not yet at the revision in force.")]
    public IReadOnlyList<ObjectNote>? Pending { get; init; }

    [Description("The number of objects that are not at the revision yet.")]
    public int? PendingCount { get; init; }

    [Description("What is wrong with the revision last attempted.")]
    public IReadOnlyList<FileNote>? Problems { get; init; }

    [Description("The number of problems in the newest revision.")]
    public int? ProblemCount { get; init; }

    [Description("Objects that differ from Git and are not reverted (drift mode Warn).")]
    public IReadOnlyList<ObjectNote>? Drift { get; init; }

    [Description("The number of objects that differ from Git and are not put back.")]
    public int? DriftCount { get; init; }

    [Description("Objects that were removed from the repository but not deleted: over the budget, or not safe to delete. While a revision is over the budget, the one before stays in force.")]
    public IReadOnlyList<ObjectNote>? PruneBlocked { get; init; }

    [Description("The number of objects that left Git and are not deleted.")]
    public int? PruneBlockedCount { get; init; }

    [Description("The key that signed the revision in force: GPG key id or SSH fingerprint.")]
    public string? VerifiedBy { get; init; }

    [Description("Where each receiver listens, in the order of spec.receivers.")]
    public IReadOnlyList<string>? ReceiverPaths { get; init; }
}

/// <summary>One revision that was wholly applied.</summary>
public sealed record AppliedRevision
{
    [Description("The reference and the commit, such as main@sha1:COMMIT.")]
    public required string Revision { get; init; }

    [Description("The author of its commit.")]
    public string? Author { get; init; }

    [Description("When the revision was in force for the first time.")]
    public required DateTimeOffset AppliedAt { get; init; }

    [Description("Time from detecting the commit to applying the last object.")]
    public required string Duration { get; init; }

    [Description("The number of objects that it created.")]
    public required int Created { get; init; }

    [Description("The number of objects that it changed.")]
    public required int Configured { get; init; }

    [Description("The number of objects that it deleted.")]
    public required int Pruned { get; init; }
}

/// <summary>Something about one object.</summary>
public sealed record ObjectNote
{
    [Description("Kind namespace/name.")]
    public required string Object { get; init; }

    [Description("Where it is declared: file:line.")]
    public string? File { get; init; }

    [Description("Why.")]
    public required string Message { get; init; }
}

/// <summary>Something about one line of a file.</summary>
public sealed record FileNote
{
    [Description("file:line.")]
    public required string File { get; init; }

    [Description("What is wrong, or worth knowing.")]
    public required string Message { get; init; }
}
