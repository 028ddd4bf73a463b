using Portcullis.Core.Revisions;

namespace Portcullis.Core.Sources;

/// <summary>
/// What to do so that the cluster holds exactly what the revision declares: record, apply in order, prune, forget. Nothing that is
/// already so is written. An object is added to the inventory before it is created and removed after it was deleted (law 5); deletion is last,
/// never beyond the budget, and never deletes what the revision did not name (law 6).
/// </summary>
public static class ApplyPlanner
{
    public static ApplyPlan Plan(ApplyObservation seen)
    {
        var listed = seen.Inventory.ToHashSet();
        var drift = new List<ObjectFinding>();
        var pending = new List<ObjectFinding>();
        var writes = new List<ApplyAction.Write>();
        foreach (var one in seen.Desired.Where(d => !IsInPlace(seen, d)).OrderBy(d => d.Stage).ThenBy(d => d.Identity))
        {
            if (Decide(seen, one, drift, pending) is { } action)
            {
                writes.Add(action);
            }
        }

        var pruning = PrunePlanner.Plan(seen);
        var foreign = pending.Select(p => p.Identity).Concat(seen.Unwritable).ToHashSet();
        var unlisted = seen.Desired.Select(d => d.Entry).Where(e => !listed.Contains(e) && !foreign.Contains(e.Identity)).OrderBy(e => e.Identity).ToList();
        List<ApplyAction> actions = [];
        var record = unlisted.Count > 0 ? new ApplyAction.Record(unlisted) : null;
        if (record is not null)
        {
            actions.Add(record);
        }

        actions.AddRange(InOrder(writes, record));
        actions.AddRange(pruning.Deletes);
        if (pruning.Forgotten.Count > 0)
        {
            actions.Add(new ApplyAction.Forget(pruning.Forgotten));
        }

        return new ApplyPlan
        {
            Actions = actions,
            Drift = drift,
            Pending = pending,
            PruneBlocked = pruning.Blocked,
            BudgetExceeded = pruning.BudgetExceeded,
        };
    }

    /// <summary>Nothing to do and nothing to report, as for most objects of a revision: not worth sorting.</summary>
    private static bool IsInPlace(ApplyObservation seen, DesiredObject one) =>
        seen.Live.TryGetValue(one.Identity, out var live) && live.Source == seen.Source && !live.IsBeingDeleted
        && live.ContentDigest == one.ContentDigest && live.Differences.Count == 0;

    /// <summary>What the inventory does not list yet comes after it was recorded (law 5), and what lives in a namespace that is still to be made after that.</summary>
    private static IEnumerable<ApplyAction> InOrder(List<ApplyAction.Write> writes, ApplyAction.Record? record)
    {
        var recorded = record?.Entries.ToHashSet();
        var spaces = writes.Where(w => w.IsNew && w.Object.Identity is { Group: "", Kind: "Namespace" })
            .ToDictionary(w => w.Object.Identity.Key.Name, w => w.Id, StringComparer.Ordinal);
        foreach (var write in writes)
        {
            var space = spaces.GetValueOrDefault(write.Object.Identity.Key.Namespace);
            var isRecorded = recorded?.Contains(write.Object.Entry) == true;
            yield return (space, isRecorded) switch
            {
                (null, false) => write,
                (null, true) => write with { After = [record!.Id] },
                (_, false) => write with { After = [space] },
                _ => write with { After = [record!.Id, space] },
            };
        }
    }

    private static ApplyAction.Write? Decide(ApplyObservation seen, DesiredObject one, List<ObjectFinding> drift, List<ObjectFinding> pending)
    {
        if (!seen.Live.TryGetValue(one.Identity, out var live))
        {
            return seen.Settled ? Drifted(seen, one, [], "deleted", drift) : new ApplyAction.Create(one);
        }

        if (live.IsBeingDeleted)
        {
            pending.Add(new ObjectFinding(one.Identity, "is being deleted; it will be created again afterwards"));
            return null;
        }

        if (live.Source is not null && live.Source != seen.Source && !seen.IsRoot)
        {
            pending.Add(new ObjectFinding(one.Identity, $"belongs to the GitSource {live.Source}"));
            return null;
        }

        if (live.ContentDigest != one.ContentDigest || live.Source != seen.Source)
        {
            return seen.Settled ? Drifted(seen, one, WithStamps(seen, live, one), null, drift) : new ApplyAction.Configure(one);
        }

        return live.Differences.Count == 0 ? null : Drifted(seen, one, live.Differences, null, drift);
    }

    private static IReadOnlyList<FieldDifference> WithStamps(ApplyObservation seen, LiveObject live, DesiredObject one) =>
        live.Differences.Count > 0 ? live.Differences
        : live.Source != seen.Source ? [new FieldDifference($"metadata.labels.{WellKnown.Labels.Source}", seen.Source, live.Source)]
        : [new FieldDifference($"metadata.annotations.{WellKnown.Annotations.SourceDigest}", one.ContentDigest, live.ContentDigest)];

    private static ApplyAction.Revert? Drifted(
        ApplyObservation seen, DesiredObject one, IReadOnlyList<FieldDifference> differences, string? what, List<ObjectFinding> drift)
    {
        // Nothing but what Git says is in force of our kinds, so that a drift in them cannot be left.
        if (seen.Drift == DriftMode.Revert || one.Identity.Group == WellKnown.Group)
        {
            return new ApplyAction.Revert(one, differences);
        }

        drift.Add(new ObjectFinding(one.Identity, what ?? string.Join("; ", differences.Take(5))));
        return null;
    }
}
