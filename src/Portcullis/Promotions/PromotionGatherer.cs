using Portcullis.Core.Promotions;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Kubernetes.Stores;
using Portcullis.Repositories.Ledger;
using Portcullis.Repositories.Writes;

namespace Portcullis.Promotions;

/// <summary>Reads what a policy is judged by.</summary>
internal sealed class PromotionGatherer(IStore<PromotionPolicy> policies, IStore<Registry> registries, DeclaredRepositories declared, TagLedgers ledgers, PromotionEvidences evidence)
{
    public async Task<PromotionObservation> ObserveAsync(PromotionPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var spec = policy.Spec;
        var (source, target) = (new RepositoryId(spec.Registry, spec.Source.Repository), new RepositoryId(spec.Registry, spec.Target.Repository));
        if (ProblemsOf(spec, declared.Find(source), declared.Find(target)) is { Count: > 0 } problems)
        {
            return new PromotionObservation(policy) { Problems = problems };
        }

        var entries = ledgers.Of(source);
        var others = policies.Find(PromotionIndexes.ByRepository, target.ToString());
        return PromotionObservation.Of(policy, entries, ledgers.Of(target), declared.Find(target)!.Spec, others, now) with
        {
            Evidence = await evidence.ForAsync(policy, entries, cancellationToken),
        };
    }

    private List<Problem> ProblemsOf(PromotionPolicySpec spec, Repository? source, Repository? target)
    {
        if (registries.Get(ObjectKey.Cluster(spec.Registry)) is null)
        {
            return [new Problem(PromotionReasons.RegistryMissing, "spec.registry", $"there is no Registry {spec.Registry}")];
        }

        return
        [
            .. source is null ? [Missing("spec.source.repository", spec.Source.Repository)] : (Problem[])[],
            .. target is null ? [Missing("spec.target.repository", spec.Target.Repository)] : (Problem[])[],
        ];
    }

    private static Problem Missing(string field, string name) => new(PromotionReasons.RepositoryMissing, field, $"no Repository declares {name}");
}
