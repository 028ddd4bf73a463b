using Portcullis.Core.Criteria;
using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Evidence;

namespace Portcullis.Promotions;

/// <summary>Asks what is known of a policy's images, and only what its criteria want to know.</summary>
internal sealed class PromotionEvidences(IImageEvidence evidence)
{
    /// <summary>Of those images that the policy has not promoted yet, by their digests.</summary>
    public Task<IReadOnlyDictionary<string, ImageEvidence>> ForAsync(PromotionPolicy policy, IReadOnlyList<TagEntry> source, CancellationToken cancellationToken)
    {
        var open = source.Where(e => e is { Digest: not null, Claim: null } && RecordedPromotions.Find(e, policy) is not { Done: true });
        return OfAsync(policy, policy.Spec.Source.Repository, open, cancellationToken);
    }

    /// <summary>Of those images of the target that the policy promoted.</summary>
    public Task<IReadOnlyDictionary<string, ImageEvidence>> OfPromotedAsync(PromotionPolicy policy, IReadOnlyList<TagEntry> target, CancellationToken cancellationToken) =>
        OfAsync(policy, policy.Spec.Target.Repository, PromotionRegressions.Promoted(policy, target), cancellationToken);

    private async Task<IReadOnlyDictionary<string, ImageEvidence>> OfAsync(PromotionPolicy policy, string name, IEnumerable<TagEntry> entries, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ImageEvidence>(StringComparer.Ordinal);
        if (!(policy.Spec.Criteria ?? []).Any(c => CriterionOperators.NeedsEvidence(c.Field)))
        {
            return found;
        }

        var repository = new RepositoryId(policy.Spec.Registry, name);
        var needs = EvidenceNeed.Of(policy.Spec.Criteria);
        foreach (var digest in entries.Select(e => e.Digest!).Distinct(StringComparer.Ordinal))
        {
            found[digest] = await evidence.OfAsync(repository, digest, needs, cancellationToken);
        }

        return found;
    }
}
