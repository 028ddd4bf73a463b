using Portcullis.Core;
using Portcullis.Core.Repositories;
using Portcullis.Core.Trust;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Secrets;

namespace Portcullis.Trust.Delegations;

/// <summary>Puts one TrustDelegation into force: the trust data of every repository that it is for. Without it, what was published stays, and is not trusted any more.</summary>
internal sealed class TrustReconciler(TargetLoop<RepositoryTrustTargets> loop, TrustStores stores, TrustReports reports, SecretDependents<TrustDelegation> dependents, DeclaringSources sources, TimeProvider time)
    : IReconciler<TrustDelegation, TrustDelegationStatus>
{
    private const int ProgressEvery = 20;

    public async Task<Reconciled<TrustDelegationStatus>> ReconcileAsync(TrustDelegation resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        dependents.Watch(d => TrustSecrets.NamesOf(d.Spec).Count > 0 ? sources.Of(d) : null, WellKnown.TrustNamespace);
        var repositories = stores.RepositoriesOf(resource.Spec);
        if (Problems(resource.Spec, repositories) is { Count: > 0 } problems)
        {
            return TrustJudge.Judge(resource, problems);
        }

        await loop.EnsureAllAsync(
            [.. repositories.Select(RepositoryTrustTargets.TargetOf)],
            context.Since,
            done => done % ProgressEvery == 0
                ? context.ReportProgressAsync($"trust data of {done} of {Pluralize.Of(repositories.Count, "repository", "repositories")} was looked at", cancellationToken)
                : Task.CompletedTask,
            cancellationToken);
        return TrustJudge.Judge(resource, [.. repositories.Select(reports.Find).OfType<TrustReport>()], time.GetUtcNow());
    }

    private List<Problem> Problems(TrustDelegationSpec spec, IReadOnlyList<RepositoryId> repositories) => stores.Registry(spec.Registry) switch
    {
        null => [new Problem(TrustReasons.RegistryMissing, "spec.registry", $"there is no Registry {spec.Registry}")],
        { Spec.Notary: null } => [new Problem(TrustReasons.NotaryMissing, "spec.registry", $"the Registry {spec.Registry} has no Notary server: name it in its spec.notary")],
        _ when repositories.Count == 0 => [new Problem(TrustReasons.RepositoryMissing, "spec.repositories", "no declared Repository has such a name")],
        _ when repositories.Count > TrustJudge.MostRepositories => [new Problem(TrustReasons.TooManyRepositories, "spec.repositories", $"these are {repositories.Count} repositories, and one TrustDelegation is for {TrustJudge.MostRepositories} at most: divide them")],
        _ => [],
    };
}
