using Microsoft.Extensions.Logging;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Sources.Fetch;

namespace Portcullis.Sources.Apply;

/// <summary>What was planned, and what came of it.</summary>
internal sealed record ApplyRun(ApplyPlan Plan, IReadOnlyList<ActionResult> Results, IReadOnlyList<ReportedEvent> Reverts);

/// <summary>Brings the cluster to the revision in force: gather, plan, run.</summary>
internal sealed partial class SourceApplier(
    ApplyServices services, InventoryWatch watch, WriteFailures failures, ActionRunner runner, ILogger<SourceApplier> logger)
{
    /// <summary>How many objects the log names of one run; the rest are counted. Each object's own stamps tell the whole story.</summary>
    private const int NameLimit = 20;

    private const int ProgressEvery = 100;

    public async Task<ApplyRun> ApplyAsync(GitSource source, SourceState state, ReconcileContext context, CancellationToken cancellationToken)
    {
        watch.Start();
        await services.Inventories.LoadAsync(source.Key.Name, state.Inventory, cancellationToken);
        var plan = await services.Plans.PlanAsync(source, state, context.Requested is not null, cancellationToken);
        state.Writes.KeepFailuresOf(plan.Actions.Select(a => a.Target).OfType<ObjectIdentity>().ToHashSet());
        var due = Due(plan, state, context.Requested is not null);
        var writes = due.OfType<ApplyAction.Write>().ToList();
        var executor = new ApplyExecutor(services, source, state, StampAsync(source, state, writes, cancellationToken));
        var results = await runner.RunAsync(
            "sources",
            due,
            executor,
            cancellationToken,
            done => done % ProgressEvery == 0
                ? context.ReportProgressAsync($"{done} of {Pluralized(writes.Count)} of {state.InForce!.Revision}", cancellationToken)
                : Task.CompletedTask);
        services.Confirmations.End(source.Key.Name, state.InForce!);
        failures.Remember(state.Writes, results);
        LogDone(source, state, results);
        return new ApplyRun(plan, results, executor.Reverts);
    }

    /// <summary>
    /// What was refused is tried again only when it is due, and what was written a moment ago is not written again before the watch has shown
    /// it. Those that failed before go last, so that a server that is slow to refuse them delays nobody else.
    /// </summary>
    private List<ApplyAction> Due(ApplyPlan plan, SourceState state, bool asked) =>
    [
        .. plan.Actions
            .Where(a => asked || a is not ApplyAction.Write write
                || (failures.IsDue(state.Writes, write.Object) && !services.Live.IsWritten(write.Object)))
            .OrderBy(a => a.Target is { } target && state.Writes.HasFailed(target)),
    ];

    private static string Pluralized(int count) => Pluralize.Of(count, "object");

    /// <summary>Where each object's content came from: known from before, or found in Git's history.</summary>
    private async Task<IReadOnlyDictionary<ObjectIdentity, ObjectStamp>> StampAsync(
        GitSource source, SourceState state, List<ApplyAction.Write> writes, CancellationToken cancellationToken)
    {
        var stamps = new Dictionary<ObjectIdentity, ObjectStamp>();
        var unknown = new List<RevisionObject>();
        foreach (var target in writes.Select(w => w.Object))
        {
            if ((state.Writes.StampOf(target) ?? services.Gatherer.StampOf(target)) is { } known)
            {
                stamps[target.Identity] = known;
            }
            else
            {
                unknown.Add(state.InForce!.ByIdentity[target.Identity]);
            }
        }

        if (unknown.Count > 0)
        {
            var found = await new SourceProvenance(state.Fetch.Tree!).FindAsync(
                state.InForce!, unknown, cancellationToken);
            foreach (var (identity, stamp) in found)
            {
                stamps[identity] = stamp;
            }
        }

        return stamps;
    }

    private void LogDone(GitSource source, SourceState state, IReadOnlyList<ActionResult> results)
    {
        var done = results.OfType<ActionResult.Done>().Select(r => r.Action).OfType<ApplyAction>().Where(a => a.Target is not null).ToList();
        if (done.Count > 0)
        {
            var names = string.Join(", ", done.Take(NameLimit).Select(a => a.Describe()));
            Log.Done(logger, source.Key.Name, state.InForce!.Revision, done.Count, done.Count <= NameLimit ? names : $"{names} and {done.Count - NameLimit} more");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4012, LogLevel.Information, "GitSource {Source}: {Count} written for {Revision}: {Actions}")]
        public static partial void Done(ILogger logger, string source, string revision, int count, string actions);
    }
}
