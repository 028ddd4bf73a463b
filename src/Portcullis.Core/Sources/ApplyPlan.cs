using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;

namespace Portcullis.Core.Sources;

/// <summary>One object of the revision in force. <see cref="Stage"/> orders what depends on what; equal stages go side by side.</summary>
public sealed record DesiredObject(InventoryEntry Entry, string ContentDigest, int Stage)
{
    public ObjectIdentity Identity => Entry.Identity;
}

/// <summary>What the cluster holds of one object, as far as the plan needs to know.</summary>
public sealed record LiveObject
{
    public required string Uid { get; init; }

    /// <summary>The source that it is labelled with; null when with none.</summary>
    public string? Source { get; init; }

    /// <summary>The digest of the content last applied, from its annotation; null when it was never applied by a source.</summary>
    public string? ContentDigest { get; init; }

    /// <summary>Declared fields that are not as declared. Empty also for objects that are not desired.</summary>
    public IReadOnlyList<FieldDifference> Differences { get; init; } = [];

    /// <summary>Carries <c>portcullis.dev/prune: disabled</c>.</summary>
    public bool KeepWhenPruned { get; init; }

    /// <summary>Whether a source applied it, by its label or its field manager.</summary>
    public bool Applied { get; init; }

    /// <summary>What its deletion would take along (<c>3 Pods</c>); null when nothing.</summary>
    public string? Holds { get; init; }

    /// <summary>Why it may not be read, so that nothing else here is known.</summary>
    public string? Refused { get; init; }

    public bool IsBeingDeleted { get; init; }
}

/// <summary>How much one revision may delete.</summary>
public sealed record PruneBudget(bool Enabled, int MaxCount, int MaxPercent)
{
    public static PruneBudget From(PrunePolicy? policy) => new(policy?.Enabled ?? true, policy?.MaxCount ?? 20, policy?.MaxPercent ?? 100);

    /// <summary>Why so many deletions are too many; null when they are not.</summary>
    public string? Excess(int count, int inventory)
    {
        if (count > MaxCount)
        {
            return $"{Pluralize.Of(count, "object")} would be deleted and prune.maxCount is {MaxCount}";
        }

        return count * 100L > (long)MaxPercent * inventory
            ? $"{count} of {inventory} objects would be deleted and prune.maxPercent is {MaxPercent}"
            : null;
    }
}

/// <summary>The input of <see cref="ApplyPlanner"/>.</summary>
public sealed record ApplyObservation
{
    public required string Source { get; init; }

    /// <summary>The root source may take objects over from other sources.</summary>
    public bool IsRoot { get; init; }

    /// <summary>Their order is that of the revision.</summary>
    public required KindSet Kinds { get; init; }

    public required IReadOnlyCollection<DesiredObject> Desired { get; init; }

    public required IReadOnlyCollection<InventoryEntry> Inventory { get; init; }

    /// <summary>Present objects among desired and inventory.</summary>
    public required IReadOnlyDictionary<ObjectIdentity, LiveObject> Live { get; init; }

    /// <summary>Desired objects of kinds that the server does not let us list: no write is sent, so that there is nothing to prune later.</summary>
    public IReadOnlySet<ObjectIdentity> Unwritable { get; init; } = new HashSet<ObjectIdentity>();

    /// <summary>The cluster was wholly at this revision before: whatever differs now was changed beside Git.</summary>
    public bool Settled { get; init; }

    public DriftMode Drift { get; init; }

    public required PruneBudget Budget { get; init; }

    /// <summary>The revision's prune was approved by its commit.</summary>
    public bool PruneApproved { get; init; }
}

/// <summary>An object that something is said of.</summary>
public sealed record ObjectFinding(ObjectIdentity Identity, string Message);

/// <summary>The steps, and what is skipped with its reason.</summary>
public sealed record ApplyPlan
{
    public required IReadOnlyList<ApplyAction> Actions { get; init; }

    /// <summary>Differs from Git and is not reverted: drift mode Warn.</summary>
    public IReadOnlyList<ObjectFinding> Drift { get; init; } = [];

    /// <summary>Cannot be made now: being deleted, or another source's.</summary>
    public IReadOnlyList<ObjectFinding> Pending { get; init; } = [];

    /// <summary>Left Git and waits.</summary>
    public IReadOnlyList<ObjectFinding> PruneBlocked { get; init; } = [];

    /// <summary>The whole prune is beyond its budget and awaits approval; null when it is not.</summary>
    public string? BudgetExceeded { get; init; }
}
