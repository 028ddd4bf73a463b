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
        if (PromotionProblems.Of(spec, registries.Get(ObjectKey.Cluster(spec.Registry)), declared.Find(source), declared.Find(target)) is { Count: > 0 } problems)
        {
            return new PromotionObservation(policy) { Problems = problems };
        }

        var entries = ledgers.Of(source);
        var others = policies.Find(PromotionIndexes.ByRepository, target.ToString());
        var promoted = ledgers.Of(target);
        return PromotionObservation.Of(policy, entries, promoted, declared.Find(target)!.Spec, others, now) with
        {
            Evidence = await evidence.ForAsync(policy, entries, cancellationToken),
            PromotedEvidence = await evidence.OfPromotedAsync(policy, promoted, cancellationToken),
        };
    }
}
