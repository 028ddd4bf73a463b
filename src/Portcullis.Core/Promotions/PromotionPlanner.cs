using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Promotions;

/// <summary>
/// Decides about every tag of a policy's source. A decision about (generation of the policy, source tag, digest) is made once: its time, and with
/// it the target's tag, is recorded in the source's ledger before anything is copied, so that whoever goes on after a crash writes the same tag.
/// <code>
/// looked at? ─▶ done before? ─▶ criteria met? ─▶ no freeze window? ─▶ newest for its target tag? ─▶ target's tag free? ─▶ promote
/// Skipped       Promoted        HeldBack         Frozen                Superseded                    Conflict, Blocked
/// </code>
/// </summary>
public static class PromotionPlanner
{
    public static PromotionPlan Plan(PromotionObservation observed, DateTimeOffset now)
    {
        if (observed.Problems.Count > 0)
        {
            return new PromotionPlan([], []);
        }

        var target = new PromotionTargets(observed);
        var frozen = FreezeWindows.OpenAt(observed.Policy.Spec.FreezeWindows, now);
        var candidates = observed.Source.OrderBy(e => e.Tag, StringComparer.Ordinal).Select(e => PromotionCandidate.Of(observed, e, now)).ToList();
        var newest = candidates.Where(c => c.IsEligible || c.Decision.Decision == PromotionDecision.Promoted).GroupBy(c => c.Promotion.TargetTag, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.MaxBy(c => c.Age)!, StringComparer.Ordinal);
        var judged = candidates.Select(c => (Candidate: c, Decision: Decide(c, target, newest, frozen))).ToList();
        var late = new LateReferrers(observed);
        var actions = judged.Select(j => ActionOf(j.Candidate, j.Decision, target, observed.Policy.Spec, late)).OfType<PromotionAction>().ToList();
        return new PromotionPlan(
            [.. actions, .. frozen is null ? late.Actions(candidates, target) : [], .. actions.OfType<PromotionAction.Promote>().Select(p => new PromotionAction.Document(p) { After = [p.Id] })],
            [.. judged.Select(j => j.Decision)])
        {
            Regressions = PromotionRegressions.Of(observed, now),
            Frozen = frozen,
            NextChange = NextChange(judged, frozen),
        };
    }

    private static TagDecision Decide(PromotionCandidate candidate, PromotionTargets target, Dictionary<string, PromotionCandidate> newest, OpenWindow? frozen)
    {
        if (!candidate.IsEligible)
        {
            return candidate.Decision;
        }

        var tag = candidate.Promotion.TargetTag;
        var decided = candidate.Decision with { TargetTag = tag };
        if (!TagName.IsLegal(tag))
        {
            return decided with { Decision = PromotionDecision.Blocked, Reason = Join($"the template gives \"{tag}\", which is no legal tag", candidate.Remark) };
        }

        if (TagName.IsReferrersFallback(tag))
        {
            return decided with { Decision = PromotionDecision.Blocked, Reason = Join($"the template gives \"{tag}\", which is the tag of a list of what refers to an image", candidate.Remark) };
        }

        if (target.DigestOf(tag) == candidate.Digest && (newest[tag] == candidate || target.IsFrom(candidate)))
        {
            return decided with { Decision = PromotionDecision.Promoted, At = candidate.Promotion.At };
        }

        if (frozen is not null)
        {
            return decided with { Decision = PromotionDecision.Frozen, Reason = Join(frozen.Describe(), candidate.Remark) };
        }

        if (newest[tag] != candidate)
        {
            return decided with { Decision = PromotionDecision.Superseded, Reason = $"{newest[tag].Source.Tag} is newer and has the same tag in the target" };
        }

        return target.InTheWay(candidate) is { } way
            ? decided with { Decision = way.Decision, Reason = Join(way.Reason, candidate.Remark) }
            : decided with { At = candidate.Promotion.At };
    }

    private static PromotionAction? ActionOf(PromotionCandidate candidate, TagDecision decision, PromotionTargets target, PromotionPolicySpec spec, LateReferrers late)
    {
        if (!candidate.IsEligible)
        {
            return null;
        }

        var source = new RepositoryId(spec.Registry, spec.Source.Repository);
        return decision.Decision switch
        {
            PromotionDecision.Promoted or PromotionDecision.Promotes =>
                new PromotionAction.Promote(source, candidate.Source, candidate.Promotion, new RepositoryId(spec.Registry, spec.Target.Repository))
                {
                    Criteria = candidate.Decision.Criteria!,
                    IsRecorded = candidate.IsRecorded,
                    Replaces = target.DigestOf(candidate.Promotion.TargetTag),
                    IsThere = decision.Decision == PromotionDecision.Promoted,
                    Attached = decision.Decision == PromotionDecision.Promoted ? null : late.ListOf(candidate.Digest),
                },

            // It stays so under this tag, and is not promoted under another one a minute later.
            PromotionDecision.Blocked or PromotionDecision.Conflict or PromotionDecision.Superseded when !candidate.IsRecorded && TagTemplate.HasTime(spec.Target.Template) =>
                new PromotionAction.Decide(source, candidate.Source, candidate.Promotion),
            _ => null,
        };
    }

    private static DateTimeOffset? NextChange(IReadOnlyList<(PromotionCandidate Candidate, TagDecision Decision)> judged, OpenWindow? frozen)
    {
        // What was decided is judged as of its own time.
        var byAge = judged.Where(j => !j.Candidate.IsRecorded && j.Decision.Decision is not (PromotionDecision.Promoted or PromotionDecision.Promotes))
            .Min(j => j.Decision.Criteria?.NextChange);
        var byWindow = judged.Any(j => j.Decision.Decision == PromotionDecision.Frozen) ? frozen?.Until : null;
        return byAge is null || byWindow < byAge ? byWindow : byAge;
    }

    private static string Join(string reason, string remark) => reason.Length == 0 ? remark : remark.Length == 0 ? reason : $"{reason}; {remark}";
}
