using Portcullis.Core.Criteria;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Promotions;

/// <summary>An image in the target that a policy promoted and would not promote now, because of what was found out since.</summary>
/// <param name="Entry">The target's tag.</param>
/// <param name="Reason">The criteria that are not met, with what was found.</param>
public sealed record PromotionRegression(TagEntry Entry, string Reason);

/// <summary>Finds regressions. Only what scans and signatures say is asked again: that an image is older than it was is no news.</summary>
public static class PromotionRegressions
{
    /// <summary>The tags of the target that the policy promoted and that still name what it promoted.</summary>
    public static IEnumerable<TagEntry> Promoted(PromotionPolicy policy, IReadOnlyList<TagEntry> target) => target.Where(e =>
        e is { Digest: not null, Claim: null } && e.PromotedFrom?.Policy == policy.Key.Name && e.PromotedFrom.Repository == policy.Spec.Source.Repository);

    /// <summary>In the order of the tags. What is not known now is no regression: it was not found to be worse.</summary>
    public static IReadOnlyList<PromotionRegression> Of(PromotionObservation observed, DateTimeOffset now)
    {
        var criteria = (observed.Policy.Spec.Criteria ?? []).Where(c => CriterionOperators.NeedsEvidence(c.Field)).ToList();
        return criteria.Count == 0
            ? []
            : [.. Promoted(observed.Policy, observed.Target).OrderBy(e => e.Tag, StringComparer.Ordinal).Select(e => Of(observed, criteria, e, now)).OfType<PromotionRegression>()];
    }

    private static PromotionRegression? Of(PromotionObservation observed, List<Criterion> criteria, TagEntry entry, DateTimeOffset now)
    {
        var facts = new ImageFacts
        {
            Tag = entry.PromotedFrom!.Tag,
            Digest = entry.Digest!,
            UpdatedAt = entry.PushedAt,
            Evidence = observed.PromotedEvidence.GetValueOrDefault(entry.Digest!) ?? ImageEvidence.None,
        };
        var failing = new CriteriaVerdict([.. CriteriaEvaluation.Of(criteria, facts, now).Criteria.Where(c => c.Outcome == CriterionOutcome.NotMet)]);
        return failing.Criteria.Count == 0 ? null : new PromotionRegression(entry, failing.Missing);
    }
}
