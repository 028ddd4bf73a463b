using Portcullis.Core.Criteria;
using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Evidence;

namespace Portcullis.Promotions;

/// <summary>Asks what is known of a policy's images, and only what its criteria want to know.</summary>
internal sealed class PromotionEvidences(IImageEvidence evidence)
{
    /// <summary>Of those images that the policy has not promoted yet, by their digests.</summary>
    public async Task<IReadOnlyDictionary<string, ImageEvidence>> ForAsync(PromotionPolicy policy, IReadOnlyList<TagEntry> source, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ImageEvidence>(StringComparer.Ordinal);
        if (!(policy.Spec.Criteria ?? []).Any(c => CriterionOperators.NeedsEvidence(c.Field)))
        {
            return found;
        }

        var repository = new RepositoryId(policy.Spec.Registry, policy.Spec.Source.Repository);
        var open = source.Where(e => e is { Digest: not null, Claim: null } && RecordedPromotions.Find(e, policy) is not { Done: true });
        foreach (var digest in open.Select(e => e.Digest!).Distinct(StringComparer.Ordinal))
        {
            found[digest] = await evidence.OfAsync(repository, digest, cancellationToken);
        }

        return found;
    }
}
