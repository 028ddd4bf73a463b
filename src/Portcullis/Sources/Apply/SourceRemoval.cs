using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Kinds;
using Portcullis.Core.Sources;
using Portcullis.Sources.Fetch;

namespace Portcullis.Sources.Apply;

/// <summary>
/// What becomes of a source's objects when the source itself is deleted: they go too, within the prune budget; they stay when pruning is
/// off, and so does whatever would take workloads along.
/// </summary>
internal sealed class SourceRemoval(ApplyServices services, ActionRunner runner, KindSet kinds)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly IReadOnlyDictionary<ObjectIdentity, ObjectStamp> NoStamps = new Dictionary<ObjectIdentity, ObjectStamp>();

    /// <summary>Null when nothing of the source is left to do.</summary>
    public async Task<Outcome?> RemoveAsync(GitSource source, SourceState state, CancellationToken cancellationToken)
    {
        await services.Inventories.LoadAsync(source.Key.Name, state.Inventory, cancellationToken);
        var entries = state.Inventory.Entries.ToList();
        var seen = await services.Gatherer.LeavingAsync(entries, cancellationToken);
        var plan = Plan(source, entries, seen);
        var prunes = plan.Actions.OfType<ApplyAction.Prune>().ToList();
        if (BlockedBy(source, seen, prunes.Count, entries.Count) is { } blocked)
        {
            return blocked;
        }

        var executor = new ApplyExecutor(services, source, state, Task.FromResult(NoStamps));
        var results = await runner.RunAsync("sources", prunes, executor, cancellationToken);
        if (Outcome.Failed.Among(results) is { } failed)
        {
            return failed;
        }

        var kept = plan.PruneBlocked.Select(b => b.Identity).ToHashSet();
        var pruned = prunes.Select(p => p.Entry.Identity).ToHashSet();
        var going = seen.Count(s => !kept.Contains(s.Key) && (s.Value.IsBeingDeleted || pruned.Contains(s.Key)));
        if (going > 0)
        {
            return new Outcome.Waiting(SourceReasons.Deleting, $"deletion of {Pluralize.Of(going, "object")} is under way", Soon);
        }

        await services.Inventories.ForgetAsync(source.Key.Name, state.Inventory, entries, cancellationToken);
        return null;
    }

    private ApplyPlan Plan(GitSource source, List<InventoryEntry> entries, Dictionary<ObjectIdentity, LiveObject> seen) => ApplyPlanner.Plan(new ApplyObservation
    {
        Source = source.Key.Name,
        Kinds = kinds,
        Desired = [],
        Inventory = entries,
        Live = seen,
        Budget = PruneBudget.From(source.Spec.Prune),

        // Whether it is, is asked apart: a source that goes declares nothing, and that alone needs no approval.
        PruneApproved = true,
    });

    /// <summary>Why nothing may be deleted now; null when it may.</summary>
    private static Outcome.Waiting? BlockedBy(GitSource source, Dictionary<ObjectIdentity, LiveObject> seen, int prunes, int entries)
    {
        var budget = PruneBudget.From(source.Spec.Prune);
        if (budget.Enabled && seen.Values.FirstOrDefault(l => l.Refused is not null) is { } refused)
        {
            return new Outcome.Waiting(
                SourceReasons.Forbidden, $"deleting this source: {refused.Refused}; give the right, or keep its objects with spec.prune.enabled: false", AskAgain) { IsWarning = true };
        }

        // Its own word: who once approved a commit's prune or history has not agreed to losing everything.
        var approval = $"delete-{source.Status?.LastAppliedCommit ?? source.Key.Name}";
        return source.Metadata.Annotation(WellKnown.Annotations.Approve) != approval && budget.Excess(prunes, entries) is { } excess
            ? new Outcome.Waiting(
                SourceReasons.PruneBlocked,
                $"deleting this source: {excess}; approve it with kubectl annotate gitsource {source.Key.Name} --overwrite {WellKnown.Annotations.Approve}={approval}, or keep them with spec.prune.enabled: false",
                AskAgain)
            : null;
    }
}
