using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Sources;

/// <summary>
/// Makes the cluster hold what a repository declares. The repository is asked when it is time or somebody says so; the cluster is
/// compared with the revision in force at every reconcile, so that drift is undone also while the repository cannot be reached.
/// </summary>
internal sealed class GitSourceReconciler(
    SourceStates states, SourceLook look, SourceApplier applier, SourceRemoval removal, ReceiverPaths receivers, SourceMetrics metrics, TimeProvider time)
    : IReconciler<GitSource, GitSourceStatus>, IFinalizer<GitSource>
{
    public async Task<Reconciled<GitSourceStatus>> ReconcileAsync(GitSource source, ReconcileContext context, CancellationToken cancellationToken)
    {
        var state = states.Of(source.Key);
        state.Reported ??= source.Status;
        var fetch = await look.LookAsync(source, state, context.Requested is not null, cancellationToken);
        var paths = await receivers.OfAsync(source, state, cancellationToken);
        var run = state.InForce is null ? null : await applier.ApplyAsync(source, state, context, cancellationToken);
        await look.KeepAsync(source, state, cancellationToken);
        var reconciled = SourceJudge.Judge(ReadBack(source, state, fetch, run) with { Receivers = paths }, time.GetUtcNow());
        metrics.Count(source.Key.Name, state, run?.Plan);
        state.Announced = (fetch as FetchResult.Rejected)?.Attempted ?? state.Announced;
        state.Reported = reconciled.Status;
        return reconciled;
    }

    public async Task<Outcome?> FinalizeAsync(GitSource resource, CancellationToken cancellationToken)
    {
        var state = states.Of(resource.Key);
        var unfinished = await removal.RemoveAsync(resource, state, cancellationToken);
        if (unfinished is null)
        {
            Discard(state);
            states.Remove(resource.Key);
            metrics.Forget(resource.Key.Name);
        }

        return unfinished;
    }

    private SourceReadBack ReadBack(GitSource source, SourceState state, FetchResult fetch, ApplyRun? run)
    {
        var now = time.Monotonic();
        var failures = state.Writes.Failures;
        return new SourceReadBack
        {
            Source = source,
            Before = state.Reported ?? new GitSourceStatus(),
            Fetch = fetch,
            InForce = state.InForce?.Facts,
            Plan = run?.Plan,
            Results = run?.Results ?? [],
            Failures = [.. failures.Select(f => new ObjectFinding(f.Key, f.Value.Message))],
            RetryIn = failures.Count == 0 ? null : failures.Values.Min(f => f.RetryAt) - now,
            FetchIn = state.NextLook > now ? state.NextLook - now : TimeSpan.FromSeconds(1),
            Counts = state.Writes.Tally.Counts,
            Elapsed = now - (state.NoticedAt ?? now),
            Announced = state.Announced,
            Reverts = run?.Reverts ?? [],
        };
    }

    private static void Discard(SourceState state)
    {
        try
        {
            state.Mirror?.Discard();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Room on the disk, and nothing else: nobody reads the mirror of a source that is gone.
        }
    }
}
