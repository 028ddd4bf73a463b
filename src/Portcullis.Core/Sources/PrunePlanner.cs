namespace Portcullis.Core.Sources;

/// <summary>Decides which objects that left Git are deleted: within the budget, and nothing that would take workloads along (law 6).</summary>
public static class PrunePlanner
{
    private const string AwaitsApproval = "awaits approval of the prune";

    public static PrunePlan Plan(ApplyObservation seen)
    {
        var desired = seen.Desired.Select(d => d.Identity).ToHashSet();
        var leaving = seen.Inventory.Where(e => !desired.Contains(e.Identity))
            .OrderBy(e => seen.Kinds.StageOf(e.Identity.Group, e.Identity.Kind)).ThenBy(e => e.Identity);
        var deletes = new List<ApplyAction.Prune>();
        var forgotten = new List<InventoryEntry>();
        var blocked = new List<ObjectFinding>();
        foreach (var entry in leaving)
        {
            Sort(seen, entry, deletes, forgotten, blocked);
        }

        var excess = seen.PruneApproved ? null : Excess(seen.Budget, deletes.Count, seen.Inventory.Count, desired.Count);
        if (excess is not null)
        {
            blocked.AddRange(deletes.Select(d => new ObjectFinding(d.Entry.Identity, AwaitsApproval)));
            deletes.Clear();
        }

        // Reverse order of making: what depends on others goes first. A prune that is only asked for leaves the inventory at the
        // next look, when the object is seen to be gone.
        deletes.Reverse();
        return new PrunePlan { Deletes = deletes, Forgotten = forgotten, Blocked = blocked, BudgetExceeded = excess };
    }

    /// <summary>
    /// Whether a revision's prune is within the budget whatever the cluster holds of the objects that leave: then nothing of it needs to be read.
    /// </summary>
    public static bool IsSurelyWithin(PruneBudget budget, int leaving, int inventory, int desired) =>
        !budget.Enabled || Excess(budget, leaving, inventory, desired) is null;

    /// <summary>
    /// Why a revision may not take the place of the one in force: its prune is beyond the budget and nobody approved it. Null when it may. If it
    /// did, nobody would guard the objects that await their deletion.
    /// </summary>
    public static FetchResult.Rejected? Refusal(ApplyObservation seen, string revision, string commit)
    {
        var plan = Plan(seen);
        return plan.BudgetExceeded is { } excess
            ? new FetchResult.Rejected(SourceReasons.PruneBlocked, $"{excess}; {HowToApprove(seen.Source, commit)}", revision, [])
            {
                PruneBlocked = [.. plan.Blocked.Where(b => b.Message == AwaitsApproval)],
            }
            : null;
    }

    /// <summary>As messages say it.</summary>
    public static string HowToApprove(string source, string commit) =>
        $"approve it with kubectl annotate gitsource {source} --overwrite {WellKnown.Annotations.Approve}={commit}";

    private static void Sort(
        ApplyObservation seen, InventoryEntry entry, List<ApplyAction.Prune> deletes, List<InventoryEntry> forgotten, List<ObjectFinding> blocked)
    {
        if (seen.Live.TryGetValue(entry.Identity, out var live) && live.Refused is { } refused && seen.Budget.Enabled)
        {
            blocked.Add(new ObjectFinding(entry.Identity, $"was removed from Git, but the operator may not read it: {refused}"));
        }
        else if (live is null || !IsOurs(seen, live) || live.KeepWhenPruned || !seen.Budget.Enabled)
        {
            forgotten.Add(entry);
        }
        else if (live.IsBeingDeleted)
        {
            return; // stays listed until it is gone
        }
        else if (live.Holds is { } held)
        {
            blocked.Add(new ObjectFinding(entry.Identity, $"was removed from Git but holds {held}: delete those first, or keep it with {WellKnown.Annotations.Prune}: disabled"));
        }
        else
        {
            deletes.Add(new ApplyAction.Prune(entry, live.Uid));
        }
    }

    private static bool IsOurs(ApplyObservation seen, LiveObject live) => live.Source == seen.Source || (live.Source is null && live.Applied);

    private static string? Excess(PruneBudget budget, int count, int inventory, int desired)
    {
        if (count == 0)
        {
            return null;
        }

        return desired == 0 ? $"the revision declares nothing, which would delete everything: {Pluralize.Of(count, "object")}" : budget.Excess(count, inventory);
    }
}
