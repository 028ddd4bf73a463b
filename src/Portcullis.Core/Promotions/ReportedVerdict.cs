namespace Portcullis.Core.Promotions;

/// <summary>A verdict as the status shows it, and by what it is ordered.</summary>
internal sealed record ReportedVerdict(PromotionVerdict Verdict, DateTimeOffset NewestFirst)
{
    public const string Failed = "Failed";

    /// <summary>Whether the image itself is why it cannot be promoted: then trying again does not help, and the policy is none the worse.</summary>
    public static bool IsOfTheImage(ActionResult result) => result is ActionResult.Failed { Problem.Reason: PromotionReasons.ImageTooDeep };

    /// <summary>What was decided about a tag, after its action has ended. Promoted is what was written, never what was to be written.</summary>
    public static ReportedVerdict Of(TagDecision decision, ActionResult? result)
    {
        var (name, reason) = (decision.Decision, result) switch
        {
            (PromotionDecision.Promotes or PromotionDecision.Promoted, ActionResult.Failed failed) when IsOfTheImage(failed) => (nameof(PromotionDecision.Blocked), failed.Problem.Message),
            (PromotionDecision.Promotes or PromotionDecision.Promoted, ActionResult.Failed failed) => (Failed, failed.Problem.Message),
            (PromotionDecision.Promotes, ActionResult.Done) => (nameof(PromotionDecision.Promoted), decision.Reason),
            (PromotionDecision.Promotes, _) => (Failed, "it was not tried"),
            _ => (decision.Decision.ToString(), decision.Reason),
        };
        var verdict = new PromotionVerdict
        {
            Tag = decision.Source.Tag,
            Digest = decision.Source.Digest!,
            Decision = name,
            TargetTag = decision.TargetTag,
            Reason = reason.Length == 0 ? null : reason,
            At = name is Failed or nameof(PromotionDecision.Blocked) ? null : decision.At,
        };
        return new ReportedVerdict(verdict, verdict.At ?? decision.Source.PushedAt ?? DateTimeOffset.MinValue);
    }
}
