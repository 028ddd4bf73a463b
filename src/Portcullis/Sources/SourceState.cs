using Portcullis.Core.Kinds;
using Portcullis.Core.Sources;
using Portcullis.Sources.Apply;
using Portcullis.Sources.Fetch;

namespace Portcullis.Sources;

/// <summary>
/// What this process remembers of one source between reconciles, in the hands of who changes it. All of it can be rebuilt from Git and the
/// cluster; it is here so that an unchanged repository costs one question and no write. A source is reconciled by one worker at a time.
/// </summary>
internal sealed class SourceState : IDisposable
{
    /// <summary>Of the repository; changed by fetching.</summary>
    public FetchState Fetch { get; } = new();

    /// <summary>The revision that is made and kept true; set by fetching, read by everybody.</summary>
    public SourceRevision? InForce { get; set; }

    /// <summary>Of the cluster's inventory; changed by the applier, and doubted by its watch.</summary>
    public InventoryMemory Inventory { get; } = new();

    /// <summary>Of what was written; changed by the applier.</summary>
    public SourceWrites Writes { get; } = new();

    /// <summary>The last plan, when it had nothing to do; set by <see cref="SourcePlans"/>.</summary>
    public SettledPlan? Settled { get; set; }

    /// <summary>Of what was reported; changed by the reconciler.</summary>
    public ReportState Report { get; } = new();

    public void Dispose() => Fetch.Dispose();
}

/// <summary>What was reported of one source, so that nothing is reported or counted twice.</summary>
internal sealed class ReportState
{
    /// <summary>The status that was reported last; the store may lag behind it.</summary>
    public GitSourceStatus? Last { get; set; }

    /// <summary>The rejected revision whose problems were reported in an Event.</summary>
    public string? Announced { get; set; }

    /// <summary>Drift that was reported and counted (mode Warn).</summary>
    public Dictionary<ObjectIdentity, string> KnownDrift { get; set; } = [];

    /// <summary>The revision whose prune was counted as blocked.</summary>
    public string? BlockedAt { get; set; }

    /// <summary>Dropped by whoever sees a Secret change, on any thread.</summary>
    public KnownReceivers? ReceiverPaths { get; set; }
}

/// <summary>Where the receivers of a generation of the source listen, by the Secrets as they were then.</summary>
internal sealed record KnownReceivers(long? Generation, TimeSpan At, ListeningReceivers Receivers);
