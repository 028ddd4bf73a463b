using Microsoft.Extensions.Logging;
using Portcullis.Core;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Sources;

/// <summary>
/// Carries out a plan: inventory first, then the objects stage by stage over several connections, then deletions. A refused object is
/// remembered with its reason and tried again later, ever more slowly; the others go on.
/// </summary>
internal sealed partial class SourceApplier(
    IKubernetesClient client,
    SourceInventories inventories,
    SourceGatherer gatherer,
    DriftTeller drift,
    GitSourcesOptions options,
    TimeProvider time,
    ILogger<SourceApplier> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(750);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    public async Task<IReadOnlyList<ReportedEvent>> ApplyAsync(
        GitSource source, SourceState state, ApplyPlan plan, ReconcileContext context, CancellationToken cancellationToken)
    {
        var events = new List<ReportedEvent>();
        if (plan.Actions.OfType<ApplyAction.Record>().FirstOrDefault() is { } record)
        {
            await inventories.RecordAsync(source.Key.Name, state, record.Entries, cancellationToken);
        }

        var writes = plan.Actions.Where(a => Target(a) is { } target && IsDue(state, target, context.Requested is not null)).ToList();
        var stamps = await StampAsync(source, state, writes, cancellationToken);
        var done = 0;
        foreach (var stage in writes.GroupBy(a => Target(a)!.Stage).OrderBy(g => g.Key))
        {
            // Those that failed before go last, so that a server that is slow to refuse them delays nobody else.
            var ordered = stage.OrderBy(a => state.Failures.ContainsKey(Target(a)!.Identity));
            await Parallel.ForEachAsync(
                ordered, new ParallelOptions { MaxDegreeOfParallelism = options.Connections, CancellationToken = cancellationToken }, async (action, token) =>
                {
                    await WriteAsync(source, state, action, stamps, events, token);
                    var count = Interlocked.Increment(ref done);
                    if (count % 100 == 0)
                    {
                        await context.ReportProgressAsync($"{count} of {writes.Count} objects of {state.InForce!.Revision}", token);
                    }
                });
        }

        await PruneAsync(source, state, plan, cancellationToken);
        if (plan.Actions.OfType<ApplyAction.Forget>().FirstOrDefault() is { } forget)
        {
            await inventories.ForgetAsync(source.Key.Name, state, forget.Entries, cancellationToken);
        }

        return events;
    }

    /// <summary>The object that an action writes.</summary>
    public static DesiredObject? Target(ApplyAction action) => action switch
    {
        ApplyAction.Create create => create.Object,
        ApplyAction.Configure configure => configure.Object,
        ApplyAction.Revert revert => revert.Object,
        _ => null,
    };

    private bool IsDue(SourceState state, DesiredObject target, bool asked) =>
        asked || !state.Failures.TryGetValue(target.Identity, out var failed) || failed.Digest != target.ContentDigest || failed.RetryAt <= time.GetUtcNow();

    /// <summary>Where each object's content came from: known from before, or found in Git's history.</summary>
    private async Task<Dictionary<ObjectIdentity, ObjectStamp>> StampAsync(
        GitSource source, SourceState state, List<ApplyAction> writes, CancellationToken cancellationToken)
    {
        var stamps = new Dictionary<ObjectIdentity, ObjectStamp>();
        var unknown = new List<RevisionObject>();
        foreach (var target in writes.Select(a => Target(a)!))
        {
            if (state.Stamps.TryGetValue(target.Identity, out var known) && known.Digest == target.ContentDigest)
            {
                stamps[target.Identity] = known.Stamp;
            }
            else if (gatherer.StampOf(target) is { } live)
            {
                stamps[target.Identity] = live;
            }
            else
            {
                unknown.Add(state.InForce!.ByIdentity[target.Identity]);
            }
        }

        if (unknown.Count > 0)
        {
            var found = await new SourceProvenance(state.Tree!).FindAsync(
                state.Mirror!.Repository, state.InForce!, source.Spec.Folder(), unknown, cancellationToken);
            foreach (var (identity, stamp) in found)
            {
                stamps[identity] = stamp;
            }
        }

        return stamps;
    }

    private async Task WriteAsync(
        GitSource source,
        SourceState state,
        ApplyAction action,
        Dictionary<ObjectIdentity, ObjectStamp> stamps,
        List<ReportedEvent> events,
        CancellationToken cancellationToken)
    {
        var target = Target(action)!;
        var declared = state.InForce!.ByIdentity[target.Identity];
        try
        {
            var culprit = action is ApplyAction.Revert reverted ? await drift.CulpritAsync(declared, reverted, cancellationToken) : null;
            var body = ObjectBody.For(declared, source.Key.Name, stamps[target.Identity]);
            var stored = await client.ApplyAsync(declared.Resource, body, new WriteOptions(WellKnown.Managers.GitSources), cancellationToken);
            lock (state)
            {
                Remember(state, declared, target, stored, stamps[target.Identity], action);
                if (action is ApplyAction.Revert revert && drift.Tell(source, declared, revert, stored, culprit!) is { } told)
                {
                    events.Add(told);
                }
            }

            Log.Done(logger, source.Key.Name, action.Describe());
        }
        catch (KubernetesApiException e)
        {
            lock (state)
            {
                var count = (state.Failures.GetValueOrDefault(target.Identity) is { } before && before.Digest == target.ContentDigest ? before.Count : 0) + 1;
                state.Failures[target.Identity] = new FailedWrite(target.ContentDigest, e.Message, count, time.GetUtcNow() + Pause(count, e.RetryAfter));
            }

            Log.Refused(logger, source.Key.Name, target.Identity, e.Message);
        }
    }

    private static void Remember(
        SourceState state, RevisionObject declared, DesiredObject target, System.Text.Json.Nodes.JsonObject stored, ObjectStamp stamp, ApplyAction action)
    {
        state.Failures.Remove(target.Identity);
        state.Stamps[target.Identity] = (target.ContentDigest, stamp);
        state.Tally.Created += action is ApplyAction.Create ? 1 : 0;
        state.Tally.Configured += action is ApplyAction.Configure ? 1 : 0;
        var spelled = FieldDifferences.Between(declared.Manifest.ToObject(), stored, limit: 10);
        if (spelled.Count > 0)
        {
            state.Spellings[target.Identity] = (target.ContentDigest, string.Join('\n', spelled));
        }
        else
        {
            state.Spellings.Remove(target.Identity);
        }
    }

    private async Task PruneAsync(GitSource source, SourceState state, ApplyPlan plan, CancellationToken cancellationToken)
    {
        foreach (var prune in plan.Actions.OfType<ApplyAction.Prune>())
        {
            if (await gatherer.ResourceOfAsync(prune.Entry, cancellationToken) is not { } resource)
            {
                continue;
            }

            try
            {
                await client.DeleteAsync(
                    resource, prune.Entry.Identity.Key, new DeleteOptions { Uid = prune.Uid, PropagationPolicy = "Background" }, cancellationToken);
                state.Tally.Pruned++;
                state.Stamps.Remove(prune.Entry.Identity);
                state.Failures.Remove(prune.Entry.Identity);
                Log.Done(logger, source.Key.Name, prune.Describe());
            }
            catch (KubernetesApiException e)
            {
                var count = (state.Failures.GetValueOrDefault(prune.Entry.Identity)?.Count ?? 0) + 1;
                state.Failures[prune.Entry.Identity] = new FailedWrite("", e.Message, count, time.GetUtcNow() + Pause(count, e.RetryAfter));
                Log.Refused(logger, source.Key.Name, prune.Entry.Identity, e.Message);
            }
        }
    }

    private static TimeSpan Pause(int count, TimeSpan? asked)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(count - 1, 20));
        pause = pause > LongestPause ? LongestPause : pause;
        return asked is { } wanted && wanted > pause ? wanted : pause;
    }

    private static partial class Log
    {
        [LoggerMessage(4010, LogLevel.Information, "GitSource {Source}: {Action}")]
        public static partial void Done(ILogger logger, string source, string action);

        [LoggerMessage(4011, LogLevel.Warning, "GitSource {Source}: {Object} was refused: {Message}")]
        public static partial void Refused(ILogger logger, string source, ObjectIdentity @object, string message);
    }
}
