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
        var seen = new Dictionary<ObjectIdentity, LiveObject>();
        foreach (var entry in entries)
        {
            if (await services.Gatherer.LeavingAsync(entry, cancellationToken) is { } leaving)
            {
                seen[entry.Identity] = leaving;
            }
        }

        var budget = PruneBudget.From(source.Spec.Prune);
        if (budget.Enabled && seen.Values.FirstOrDefault(l => l.Refused is not null) is { } refused)
        {
            return new Outcome.Waiting(SourceReasons.Forbidden, $"deleting this source: {refused.Refused}; give the right, or keep its objects with spec.prune.enabled: false", AskAgain);
        }

        var plan = ApplyPlanner.Plan(new ApplyObservation
        {
            Source = source.Key.Name,
            Kinds = kinds,
            Desired = [],
            Inventory = entries,
            Live = seen,
            Budget = budget,
            PruneApproved = true, // whether it is, is asked below: a source that goes declares nothing, and that alone needs no approval
        });

        // Its own word: who once approved a commit's prune or history has not agreed to losing everything.
        var approval = $"delete-{source.Status?.LastAppliedCommit ?? source.Key.Name}";
        if (source.Metadata.Annotation(WellKnown.Annotations.Approve) != approval
            && budget.Excess(plan.Actions.OfType<ApplyAction.Prune>().Count(), entries.Count) is { } excess)
        {
            return new Outcome.Waiting(
                SourceReasons.PruneBlocked,
                $"deleting this source: {excess}; approve it with kubectl annotate gitsource {source.Key.Name} --overwrite {WellKnown.Annotations.Approve}={approval}, or keep them with spec.prune.enabled: false",
                AskAgain);
        }

        var prunes = plan.Actions.OfType<ApplyAction.Prune>().ToList();
        var executor = new ApplyExecutor(services, source, state, Task.FromResult(NoStamps));
        var results = await runner.RunAsync("sources", prunes, executor, cancellationToken);
        if (Outcome.Failed.Among(results) is { } failed)
        {
            return failed;
        }

        var kept = plan.PruneBlocked.Select(b => b.Identity).ToHashSet();
        var going = seen.Where(s => !kept.Contains(s.Key) && (s.Value.IsBeingDeleted || prunes.Exists(p => p.Entry.Identity == s.Key))).ToList();
        if (going.Count > 0)
        {
            return new Outcome.Waiting(SourceReasons.Deleting, $"deletion of {Pluralize.Of(going.Count, "object")} is under way", Soon);
        }

        await services.Inventories.ForgetAsync(source.Key.Name, state.Inventory, entries, cancellationToken);
        return null;
    }
}
