using Portcullis.Core.Sources;
using Portcullis.Http.Retries;
using Portcullis.Sources.Apply;
using Portcullis.Sources.Receive;

namespace Portcullis.Sources;

/// <summary>Reads back what became of a source, has it judged, counts it, and remembers what was reported.</summary>
internal sealed class SourceReporter(ReceiverPaths receivers, SourceMetrics metrics, TimeProvider time)
{
    public async Task<Reconciled<GitSourceStatus>> ReportAsync(
        GitSource source, SourceState state, FetchResult fetch, ApplyRun? run, CancellationToken cancellationToken)
    {
        var listening = await receivers.OfAsync(source, state, cancellationToken);
        var reconciled = SourceJudge.Judge(ReadBack(source, state, fetch, run, listening), time.GetUtcNow());
        metrics.Count(source.Key.Name, state, fetch, run?.Plan);
        state.Report.Announced = (fetch as FetchResult.Rejected)?.Attempted ?? state.Report.Announced;
        state.Report.Last = reconciled.Status;
        return reconciled;
    }

    /// <summary>The source is gone: nothing is counted of it any more.</summary>
    public void Forget(GitSource source) => metrics.Forget(source.Key.Name);

    private SourceReadBack ReadBack(GitSource source, SourceState state, FetchResult fetch, ApplyRun? run, ListeningReceivers? listening)
    {
        var now = time.Monotonic();
        var failures = state.Writes.Failures;
        return new SourceReadBack
        {
            Source = source,
            Before = state.Report.Last ?? new GitSourceStatus(),
            Fetch = fetch,
            InForce = state.InForce?.Facts,
            Plan = run?.Plan,
            Results = run?.Results ?? [],
            Failures = [.. failures.Select(f => new ObjectFinding(f.Key, f.Value.Message))],
            RetryIn = failures.Count == 0 ? null : failures.Values.Min(f => f.RetryAt) - now,
            FetchIn = state.Fetch.Next > now ? state.Fetch.Next - now : TimeSpan.FromSeconds(1),
            Counts = state.Writes.Tally.Counts,
            Elapsed = now - (state.Fetch.NoticedAt ?? now),
            Receivers = listening,
            Announced = state.Report.Announced,
            Reverts = run?.Reverts ?? [],
        };
    }
}
