using Portcullis.Actions;
using Portcullis.Core.Repositories;
using Portcullis.Core.Trust;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Trust.Delegations;

/// <summary>
/// Makes the trust data of one repository as all its TrustDelegations together declare it: read, plan, publish, and read back what the server has made
/// of it. Somebody who publishes at the same moment makes the server refuse ours, and it is planned again from what is there then. The target is the
/// repository.
/// </summary>
internal sealed class RepositoryTrustTargets(TrustGatherer gatherer, TrustReports reports, ActionRunner runner, TimeProvider time) : ITargetReconciler
{
    /// <summary>After a loss a root takes one update for each version that clients have seen.</summary>
    private const int MostUpdates = 32;

    public string Name => "trustdata";

    public static ObjectKey TargetOf(RepositoryId repository) => ObjectKey.Cluster(repository.ToString());

    /// <summary>None by itself: each declaration looks after its repositories.</summary>
    public IEnumerable<ObjectKey> Targets() => [];

    public IEnumerable<IDisposable> Subscribe(ITargetQueue queue) => [];

    public async Task<TargetResult> ReconcileAsync(ObjectKey target, long since, CancellationToken cancellationToken)
    {
        var id = IdOf(target);
        if (reports.FindSince(id, since) is { } fresh)
        {
            return new TargetResult(fresh.Results);
        }

        var at = time.GetTimestamp();
        if (await PublishAsync(id, cancellationToken) is not { } report)
        {
            reports.Forget(id);
            return new TargetResult([]);
        }

        reports.Add(id, report, at);
        return new TargetResult(report.Results);
    }

    private async Task<TrustReport?> PublishAsync(RepositoryId id, CancellationToken cancellationToken)
    {
        var done = new List<ActionResult>();
        var remembered = reports.Find(id)?.Remembered;
        for (var updates = 0; ; updates++)
        {
            if (await gatherer.ObserveAsync(id, remembered, cancellationToken) is not { } reading)
            {
                return null;
            }

            var plan = TrustPlanner.Plan(reading.Observed, time.GetUtcNow());
            if (plan.Actions.Count == 0 || updates == MostUpdates)
            {
                return new TrustReport(id.Name, reading.Observed, plan, done);
            }

            var results = await runner.RunAsync("trustdelegations", plan.Actions, new TrustExecutor(reading), cancellationToken);
            var isContended = results.OfType<ActionResult.Failed>().Any(f => f.Problem.Reason == TrustReasons.Contended);
            if (isContended && updates < MostUpdates)
            {
                continue;
            }

            done.AddRange(results);
            remembered = new TrustReport(id.Name, reading.Observed, plan, done).Remembered;
            if (results.Any(r => r is not ActionResult.Done))
            {
                return new TrustReport(id.Name, reading.Observed, plan, done);
            }
        }
    }

    private static RepositoryId IdOf(ObjectKey target)
    {
        var slash = target.Name.IndexOf('/', StringComparison.Ordinal);
        return new RepositoryId(target.Name[..slash], target.Name[(slash + 1)..]);
    }
}
