using Microsoft.Extensions.Logging;
using Portcullis.Core;
using Portcullis.Core.Kinds;
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
    SourceInventories inventories, SourceGatherer gatherer, ObjectWriter writer, WriteFailures failures, ParallelRequests requests, ILogger<SourceApplier> logger)
{
    /// <summary>How many objects the log names of one visit; the rest are counted. Each object's own stamps tell the whole story.</summary>
    private const int NameLimit = 20;

    /// <summary>So many writes without an answer in a row are not their objects' trouble: the server is away.</summary>
    private const int UnansweredLimit = 40;

    public async Task<IReadOnlyList<ReportedEvent>> ApplyAsync(
        GitSource source, SourceState state, ApplyPlan plan, ReconcileContext context, CancellationToken cancellationToken)
    {
        var events = new List<ReportedEvent>();
        var asked = context.Requested is not null;
        var writes = plan.Actions.Where(a => Target(a) is { } target && failures.IsDue(state, target, asked) && (asked || !writer.IsAwaited(target))).ToList();
        var stamping = StampAsync(source, state, writes, cancellationToken);
        var recording = plan.Actions.OfType<ApplyAction.Record>().FirstOrDefault() is { } record
            ? inventories.RecordAsync(source.Key.Name, state, record.Entries, cancellationToken)
            : Task.CompletedTask;
        await Task.WhenAll(stamping, recording);
        var stamps = await stamping;
        var done = 0;
        var unanswered = 0;
        foreach (var stage in writes.GroupBy(a => Target(a)!.Stage).OrderBy(g => g.Key))
        {
            if (done > 0)
            {
                await writer.LookAgainAsync(state, stage, cancellationToken);
            }

            // Those that failed before go last, so that a server that is slow to refuse them delays nobody else.
            var ordered = stage.OrderBy(a => state.Failures.ContainsKey(Target(a)!.Identity));
            await requests.ForEachAsync(
                ordered,
                async (action, token) =>
                {
                    unanswered = await writer.WriteAsync(source, state, action, stamps, events, token) ? 0 : unanswered + 1;
                    if (unanswered >= UnansweredLimit)
                    {
                        throw new HttpRequestException($"the API server answers no writes: {state.Failures[Target(action)!.Identity].Message}");
                    }

                    var count = Interlocked.Increment(ref done);
                    if (count % 100 == 0)
                    {
                        await context.ReportProgressAsync($"{count} of {Counted.Of(writes.Count, "object")} of {state.InForce!.Revision}", token);
                    }
                },
                cancellationToken);
        }

        var prunes = plan.Actions.OfType<ApplyAction.Prune>().ToList();
        foreach (var prune in prunes)
        {
            await writer.PruneAsync(source, state, prune, cancellationToken);
        }

        Tell(source, state, [.. writes.Where(w => !state.Failures.ContainsKey(Target(w)!.Identity)), .. prunes.Where(p => !state.Failures.ContainsKey(p.Entry.Identity))]);

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

    private void Tell(GitSource source, SourceState state, List<ApplyAction> done)
    {
        if (done.Count > 0)
        {
            var names = string.Join(", ", done.Take(NameLimit).Select(a => a.Describe()));
            Log.Done(logger, source.Key.Name, state.InForce!.Revision, done.Count, done.Count <= NameLimit ? names : $"{names} and {done.Count - NameLimit} more");
        }
    }

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

    private static partial class Log
    {
        [LoggerMessage(4012, LogLevel.Information, "GitSource {Source}: {Count} written for {Revision}: {Actions}")]
        public static partial void Done(ILogger logger, string source, string revision, int count, string actions);
    }
}
