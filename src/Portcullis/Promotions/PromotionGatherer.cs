using Portcullis.Core.Criteria;
using Portcullis.Core.Promotions;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Evidence;
using Portcullis.Kubernetes.Stores;
using Portcullis.Repositories.Ledger;
using Portcullis.Repositories.Writes;

namespace Portcullis.Promotions;

/// <summary>Reads what a policy is judged by.</summary>
internal sealed class PromotionGatherer(IStore<PromotionPolicy> policies, IStore<Registry> registries, DeclaredRepositories declared, TagLedgers ledgers, IImageEvidence evidence)
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
        var rules = declared.Find(target)!.Spec;
        return new PromotionObservation(policy)
        {
            Source = entries,
            Target = ledgers.Of(target),
            ImmutableBy = tag => ImmutableTags.RuleFor(rules, tag, now),
            Evidence = await EvidenceAsync(policy, source, entries, cancellationToken),
            OthersToTarget =
            [
                .. policies.Find(PromotionIndexes.ByRepository, target.ToString())
                    .Where(p => p.Key != policy.Key && !p.Metadata.IsBeingDeleted && p.Spec.Target.Repository == target.Name)
                    .OrderBy(p => p.Key),
            ],
        };
    }

    /// <summary>Asked for images that are not promoted yet, and only when a criterion wants to know it.</summary>
    private async Task<IReadOnlyDictionary<string, ImageEvidence>> EvidenceAsync(
        PromotionPolicy policy, RepositoryId source, IReadOnlyList<TagEntry> entries, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ImageEvidence>(StringComparer.Ordinal);
        if (!(policy.Spec.Criteria ?? []).Any(c => CriterionOperators.NeedsEvidence(c.Field)))
        {
            return found;
        }

        foreach (var digest in entries.Where(e => e is { Digest: not null, Claim: null } && RecordedPromotions.Find(e, policy) is not { Done: true }).Select(e => e.Digest!).Distinct(StringComparer.Ordinal))
        {
            found[digest] = await evidence.OfAsync(source, digest, cancellationToken);
        }

        return found;
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
