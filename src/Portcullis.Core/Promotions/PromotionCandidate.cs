using Portcullis.Core.Criteria;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Promotions;

/// <summary>A tag of the source by itself: whether the policy looks at it, has promoted it before, and whether it meets the criteria.</summary>
internal sealed record PromotionCandidate(TagEntry Source, TagDecision Decision)
{
    /// <summary>What is to be promoted, with the time and the target's tag as they are recorded, or as they would be now.</summary>
    public required TagPromotion Promotion { get; init; }

    /// <summary>Whether that is recorded.</summary>
    public bool IsRecorded { get; init; }

    public string Digest => Promotion.Digest;

    /// <summary>Whether it meets every criterion and was not promoted yet.</summary>
    public bool IsEligible => Decision.Decision == PromotionDecision.Promotes;

    /// <summary>Which of two is the newer one: pushed later, and within one microsecond the later name, so that it is always the same one.</summary>
    public PushOrder Age => new(Source.PushedAt ?? DateTimeOffset.MinValue, Source.Tag);

    /// <summary>What is worth saying of it whatever is decided.</summary>
    public string Remark => Source.PushedPastGateway == true ? "it was pushed past the gateway" : "";

    public static PromotionCandidate Of(PromotionObservation observed, TagEntry entry, DateTimeOffset now)
    {
        var policy = observed.Policy;
        var recorded = RecordedPromotions.Find(entry, policy);
        var promotion = recorded ?? New(policy, entry, now);
        var candidate = new PromotionCandidate(entry, new TagDecision(entry, PromotionDecision.Promotes, "")) { Promotion = promotion, IsRecorded = recorded is not null };
        if (WhySkipped(policy, entry) is { } skipped)
        {
            return candidate with { Decision = new TagDecision(entry, PromotionDecision.Skipped, skipped) };
        }

        if (recorded is { Done: true })
        {
            return candidate with { Decision = new TagDecision(entry, PromotionDecision.Promoted, candidate.Remark) { TargetTag = recorded.TargetTag, At = recorded.At } };
        }

        // What was decided is finished as of its own time; what was found out about the image since then counts.
        var verdict = CriteriaEvaluation.Of(policy.Spec.Criteria, observed.FactsOf(entry), promotion.At);
        return candidate with
        {
            Decision = verdict.AreMet
                ? candidate.Decision with { Criteria = verdict, Reason = candidate.Remark }
                : candidate.Decision with { Decision = PromotionDecision.HeldBack, Criteria = verdict, Reason = verdict.Missing },
        };
    }

    private static string? WhySkipped(PromotionPolicy policy, TagEntry entry) => entry switch
    {
        { Claim: not null } => "a write of the tag is not finished",
        { Digest: null } => "it names no image",
        _ when TagName.IsReferrersFallback(entry.Tag) => "it is the list of what refers to an image",
        _ when policy.Spec.ApplyTo == PromotionScope.Future && entry.PushedAt is null => "when it was pushed is not known, and applyTo is Future",
        _ when policy.Spec.ApplyTo == PromotionScope.Future && entry.PushedAt < policy.Metadata.CreationTimestamp => "it was pushed before the policy was made, and applyTo is Future",
        _ => null,
    };

    private static TagPromotion New(PromotionPolicy policy, TagEntry entry, DateTimeOffset now) => new()
    {
        Policy = policy.Key.Name,
        Generation = policy.Metadata.Generation ?? 0,
        Digest = entry.Digest ?? "",
        TargetTag = TagTemplate.Render(policy.Spec.Target.Template, entry.Tag, now),
        At = now,
    };
}
