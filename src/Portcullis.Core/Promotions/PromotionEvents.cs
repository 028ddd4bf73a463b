namespace Portcullis.Core.Promotions;

/// <summary>The Events of a policy: an image was promoted, or cannot be.</summary>
internal static class PromotionEvents
{
    /// <summary>What was promoted now. That the target had the image already is no Event.</summary>
    public static IEnumerable<ReportedEvent> Of(PromotionPolicy policy, IReadOnlyList<ActionResult> results) =>
        from result in results
        where result is ActionResult.Done
        let promote = result.Action as PromotionAction.Promote
        where promote is { IsThere: false }
        select new ReportedEvent(
            Warning: false,
            PromotionReasons.Promoted,
            $"promoted {policy.Spec.Source.Repository}:{promote.Entry.Tag} ({promote.Promotion.Digest}) to {policy.Spec.Target.Repository}:{promote.Promotion.TargetTag}");

    /// <summary>What is blocked and was not so at the last time.</summary>
    public static IEnumerable<ReportedEvent> Of(PromotionPolicySpec spec, IReadOnlyList<PromotionVerdict> shown, IReadOnlyList<PromotionVerdict> before) =>
        from verdict in shown
        let reason = ReasonOf(verdict.Decision)
        where reason is not null && !before.Any(b => b.Tag == verdict.Tag && b.Digest == verdict.Digest && b.Decision == verdict.Decision && b.Reason == verdict.Reason)
        select new ReportedEvent(Warning: true, reason, $"{spec.Source.Repository}:{verdict.Tag} is not promoted: {verdict.Reason}");

    /// <summary>What was promoted and would not be now.</summary>
    public static IEnumerable<ReportedEvent> Of(PromotionPolicySpec spec, IReadOnlyList<RegressedImage> regressions) => regressions.Select(r =>
        new ReportedEvent(Warning: true, PromotionReasons.Regressed, $"{spec.Target.Repository}:{r.Tag} ({r.Digest}) was promoted and would not be now: {r.Reason}"));

    private static string? ReasonOf(string decision) => decision switch
    {
        nameof(PromotionDecision.Blocked) => PromotionReasons.PromotionBlocked,
        nameof(PromotionDecision.Conflict) => PromotionReasons.PromotionConflict,
        _ => null,
    };
}
