using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Promotions;

/// <summary>
/// What was attached to images after they were promoted: signatures are often made last. The ledger of the source names the list of what is attached to each
/// image, so that nobody needs to be asked. Only lists that are kept under tags are seen, as with registries that keep none of their own.
/// </summary>
internal sealed class LateReferrers(PromotionObservation observed)
{
    private readonly Dictionary<string, string> _lists = observed.Source
        .Where(e => e is { Digest: not null, Claim: null } && TagName.IsReferrersList(e.Tag))
        .ToDictionary(e => e.Tag, e => e.Digest!, StringComparer.Ordinal);

    /// <summary>The list of what is attached to an image in the source; null when there is none.</summary>
    public string? ListOf(string digest) => _lists.GetValueOrDefault(TagName.FallbackOf(digest));

    /// <summary>Of the images that are promoted and that the target's tags still name.</summary>
    public IEnumerable<PromotionAction.Accompany> Actions(IEnumerable<PromotionCandidate> candidates, PromotionTargets target)
    {
        var spec = observed.Policy.Spec;
        var (source, copy) = (new RepositoryId(spec.Registry, spec.Source.Repository), new RepositoryId(spec.Registry, spec.Target.Repository));
        return
            from candidate in candidates
            where candidate.Promotion.Done == true && target.DigestOf(candidate.Promotion.TargetTag) == candidate.Digest
            let list = ListOf(candidate.Digest)
            where list is not null && list != candidate.Promotion.Attached
            select new PromotionAction.Accompany(source, candidate.Source, candidate.Promotion, copy, list);
    }
}
