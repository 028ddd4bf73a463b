using System.Globalization;

namespace Portcullis.Core.Promotions;

/// <summary>Judges a policy from what was decided about each tag and what came of the promotions.</summary>
public static class PromotionJudge
{
    /// <summary>How many decisions the status lists.</summary>
    private const int Shown = 20;

    private static readonly TimeSpan WhenMissing = TimeSpan.FromMinutes(1);

    /// <summary>What the policy names may be written a moment later by the same commit.</summary>
    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(5);

    public static Reconciled<PromotionPolicyStatus> Judge(PromotionObservation observed, PromotionPlan plan, IReadOnlyList<ActionResult> results, DateTimeOffset now)
    {
        var before = observed.Policy.Status;
        if (observed.Problems.Count > 0)
        {
            return new Reconciled<PromotionPolicyStatus>(
                new Outcome.Waiting(observed.Problems[0].Reason, Problem.Join([.. observed.Problems]), WhenMissing)
                {
                    ReportAfter = observed.Problems[0].Reason == PromotionReasons.Suspended ? null : Soonest,
                },
                new PromotionPolicyStatus { LastPromotion = before?.LastPromotion });
        }

        var byId = results.ToDictionary(r => r.Action.Id, StringComparer.Ordinal);
        var verdicts = plan.Decisions
            .Where(d => d.Decision != PromotionDecision.Skipped)
            .Select(d => ReportedVerdict.Of(d, ResultOf(byId, $"{observed.Policy.Spec.Source.Repository}:{d.Source.Tag}")))
            .ToList();
        var shown = verdicts.OrderByDescending(v => v.NewestFirst).ThenBy(v => v.Verdict.Tag, StringComparer.Ordinal).Select(v => v.Verdict).Take(Shown).ToList();
        var regressions = plan.Regressions.Take(Shown).Select(r => new RegressedImage { Tag = r.Entry.Tag, Digest = r.Entry.Digest!, Reason = r.Reason }).ToList();
        var status = StatusOf(verdicts, shown, before) with
        {
            Regressed = plan.Regressions.Count == 0 ? null : plan.Regressions.Count,
            Regressions = regressions.Count == 0 ? null : regressions,
        };
        return new Reconciled<PromotionPolicyStatus>(OutcomeOf(verdicts, observed, plan, results, now), status)
        {
            Events =
            [
                .. PromotionEvents.Of(observed.Policy, results),
                .. PromotionEvents.Of(observed.Policy.Spec, shown, before?.Decisions ?? []),
                .. PromotionEvents.Of(observed.Policy.Spec, NewRegressions(status, before)),
            ],
        };
    }

    /// <summary>Those that were not reported before.</summary>
    public static IReadOnlyList<RegressedImage> NewRegressions(PromotionPolicyStatus status, PromotionPolicyStatus? before) =>
        [.. (status.Regressions ?? []).Where(r => !(before?.Regressions ?? []).Any(b => b.Tag == r.Tag && b.Digest == r.Digest))];

    /// <summary>An image without its decision record is not promoted yet.</summary>
    private static ActionResult? ResultOf(Dictionary<string, ActionResult> byId, string tag) =>
        byId.GetValueOrDefault(PromotionAction.Document.IdOf(tag)) is ActionResult.Failed failed ? failed : byId.GetValueOrDefault(tag);

    private static PromotionPolicyStatus StatusOf(IReadOnlyList<ReportedVerdict> verdicts, List<PromotionVerdict> shown, PromotionPolicyStatus? before)
    {
        var last = verdicts.Where(v => v.Verdict.Decision == nameof(PromotionDecision.Promoted)).MaxBy(v => (v.Verdict.At, v.Verdict.Tag))?.Verdict;
        return new PromotionPolicyStatus
        {
            Promoted = Count(verdicts, PromotionDecision.Promoted),
            HeldBack = Count(verdicts, PromotionDecision.HeldBack),
            Frozen = Count(verdicts, PromotionDecision.Frozen),
            Blocked = Count(verdicts, PromotionDecision.Blocked) + Count(verdicts, PromotionDecision.Conflict),
            LastPromotion = last is null || before?.LastPromotion?.At > last.At
                ? before?.LastPromotion
                : new PromotionRecord { SourceTag = last.Tag, TargetTag = last.TargetTag!, Digest = last.Digest, At = last.At!.Value },
            Decisions = shown.Count == 0 ? null : shown,
        };
    }

    private static Outcome OutcomeOf(
        IReadOnlyList<ReportedVerdict> verdicts, PromotionObservation observed, PromotionPlan plan, IReadOnlyList<ActionResult> results, DateTimeOffset now)
    {
        if (Outcome.Failed.Among(results.Where(r => !ReportedVerdict.IsOfTheImage(r))) is { } failed)
        {
            return failed;
        }

        TimeSpan? again = plan.NextChange is { } next ? RecheckTime.Before(next > now ? next - now : TimeSpan.Zero) : null;
        var conflicts = verdicts.Where(v => v.Verdict.Decision == nameof(PromotionDecision.Conflict)).Select(v => v.Verdict).ToList();
        return conflicts.Count > 0
            ? new Outcome.Stalled(PromotionReasons.PromotionConflict, $"{conflicts[0].Tag}: {conflicts[0].Reason}{(conflicts.Count > 1 ? $"; and {conflicts.Count - 1} more" : "")}") { CheckAgainIn = again }
            : plan.Regressions.Count == 0 ? new Outcome.Ready(Words(verdicts, observed, plan), again)
            : new Outcome.Ready($"{Words(verdicts, observed, plan)}; {Pluralize.Of(plan.Regressions.Count, "promoted image")} would not be promoted now", again) { Reason = PromotionReasons.Regressed };
    }

    private static string Words(IReadOnlyList<ReportedVerdict> verdicts, PromotionObservation observed, PromotionPlan plan)
    {
        var parts = new[]
            {
                (PromotionDecision.Promoted, "promoted"), (PromotionDecision.HeldBack, "held back"), (PromotionDecision.Frozen, "frozen"),
                (PromotionDecision.Blocked, "blocked"), (PromotionDecision.Superseded, "superseded"),
            }
            .Select(p => (Count: Count(verdicts, p.Item1), p.Item2)).Where(p => p.Count > 0)
            .Select(p => $"{Pluralize.Of(p.Count, "tag")} {p.Item2}").ToList();
        var text = parts.Count == 0 ? "no tag to promote" : string.Join(", ", parts);
        var before = plan.Decisions.Count(d => d.Decision is not (PromotionDecision.Promoted or PromotionDecision.Promotes) && RecordedPromotions.IsPromotedBefore(d.Source, observed.Policy));
        var history = before == 0 ? "" : $"; an edited policy decides anew: before the edit it had promoted {before.ToString(CultureInfo.InvariantCulture)} of these";
        return plan.Frozen is { } frozen ? $"{text}{history}; {frozen.Describe()}" : text + history;
    }

    private static int Count(IReadOnlyList<ReportedVerdict> verdicts, PromotionDecision decision) => verdicts.Count(v => v.Verdict.Decision == decision.ToString());
}
