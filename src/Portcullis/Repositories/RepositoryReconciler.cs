using Portcullis.Core.Repositories;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Objects.Json;
using Portcullis.Repositories.Writes;

namespace Portcullis.Repositories;

/// <summary>Keeps a repository's ledger true and reports what is in it. What clients may do is decided by the gateway from the same object.</summary>
internal sealed class RepositoryReconciler(RepositoryGatherer gatherer, RepositoryLedgerWork work, RegistryPolls polls, TimeProvider time)
    : IReconciler<Repository, RepositoryStatus>
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMinutes(5);

    public async Task<Reconciled<RepositoryStatus>> ReconcileAsync(Repository resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        var id = DeclaredRepositories.IdOf(resource);
        var registry = gatherer.RegistryOf(resource);
        var interval = KubernetesDuration.Parse(registry?.Spec.PollInterval) ?? PollEvery;
        IReadOnlyList<ActionResult> results = [];
        Problem? problem = null;
        if (registry is not null && gatherer.OtherDeclarationOf(resource) is null)
        {
            var isDue = context.Requested is not null || polls.DueIn(id, interval) == TimeSpan.Zero;
            (results, problem) = await work.RunAsync(id, isDue, cancellationToken);
        }

        var seen = await gatherer.ReadBackAsync(resource, registry, results.Count > 0, cancellationToken);
        return RepositoryJudge.Judge(resource, seen with { RegistryProblem = problem, NextPoll = polls.DueIn(id, interval) }, results, time.GetUtcNow());
    }
}
