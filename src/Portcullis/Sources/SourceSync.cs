using Portcullis.Core.Kinds;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Sources;

/// <summary>Brings the cluster to the revision in force: gather, plan, apply.</summary>
internal sealed class SourceSync(SourceInventories inventories, InventoryWatch watch, SourceGatherer gatherer, SourceApplier applier, TimeProvider time)
{
    public async Task<(ApplyPlan Plan, IReadOnlyList<ReportedEvent> Drift)> SyncAsync(
        GitSource source, SourceState state, ReconcileContext context, CancellationToken cancellationToken)
    {
        watch.Start();
        await inventories.LoadAsync(source.Key.Name, state, cancellationToken);
        var plan = ApplyPlanner.Plan(await gatherer.ObserveAsync(source, state, cancellationToken));
        ForgetFailures(state, plan);
        return (plan, await applier.ApplyAsync(source, state, plan, context, cancellationToken));
    }

    public Reconciled<GitSourceStatus> Report(GitSource source, SourceState state, LookResult found, ApplyPlan plan, IReadOnlyList<string>? receivers) =>
        SourceReport.Of(source, state, found, plan, receivers, time.GetUtcNow(), time.Monotonic());

    /// <summary>Failures of objects that are no longer wanted, or that somebody else made right, are history.</summary>
    private static void ForgetFailures(SourceState state, ApplyPlan plan)
    {
        var open = plan.Actions.Select(a => SourceApplier.Target(a)?.Identity ?? (a as ApplyAction.Prune)?.Entry.Identity).OfType<ObjectIdentity>().ToHashSet();
        foreach (var identity in state.Failures.Keys.Where(f => !open.Contains(f)).ToList())
        {
            state.Failures.Remove(identity);
        }
    }
}
