using System.Text;
using Portcullis.Core.Criteria;
using Portcullis.Core.Promotions;
using Portcullis.Objects.Json;

namespace Portcullis.Promotions;

/// <summary>An explanation as lines for people.</summary>
internal static class ExplanationText
{
    private const int OutcomeWidth = 9;

    public static string Of(PromotionExplanation explanation)
    {
        var text = new StringBuilder();
        text.Append($"{explanation.Repository}:{explanation.Tag} of the Registry {explanation.Registry}\n");
        text.Append($"  digest  {explanation.Digest ?? "none: its first push is not finished"}\n");
        text.Append($"  pushed  {Pushed(explanation)}\n");
        foreach (var step in explanation.CameFrom)
        {
            text.Append($"  promoted from {step.Repository}:{step.Tag} by {step.Policy}{(step.Now is { } now ? $"; {now}" : "")}\n");
        }

        foreach (var step in explanation.FoundThere)
        {
            text.Append($"  promoted from {step.Repository}:{step.Tag} by {step.Policy} too, which found the image there\n");
        }

        if (explanation.Policies.Count == 0)
        {
            text.Append($"No PromotionPolicy has {explanation.Repository} as its source.\n");
        }

        foreach (var policy in explanation.Policies)
        {
            Append(text, policy);
        }

        AppendRecords(text, explanation);
        return text.ToString();
    }

    private static void AppendRecords(StringBuilder text, PromotionExplanation explanation)
    {
        if (explanation.RecordsNotChecked is { } why)
        {
            text.Append($"\nDecision records: not checked: {why}\n");
        }

        if (explanation.Records.Count > 0)
        {
            text.Append("\nDecision records\n");
        }

        foreach (var record in explanation.Records)
        {
            text.Append($"  {record.Repository}@{record.Digest}\n    {Verdict(record)}\n");
        }
    }

    private static string Verdict(RecordExplanation record) => record.Decision is { } decision
        ? $"{(record.Signed ? "signed by the operator, valid" : "not signed: there is no evidence key")}: {decision.Source} to {decision.Target} by {decision.Policy} at {KubernetesJson.Time(decision.Time)}"
        : $"IGNORED: {record.Ignored}";

    private static string Pushed(PromotionExplanation explanation)
    {
        var at = explanation.PushedAt is { } time ? KubernetesJson.Time(time) : "at a time that is not known";
        return explanation.PushedPastGateway == true ? $"{at}, past the gateway" : $"{at} by {explanation.Author ?? "nobody who is known"}";
    }

    private static void Append(StringBuilder text, PolicyExplanation policy)
    {
        // A repository without a tag would read as if it were the repository that is held back.
        var target = policy.TargetTag is { } tag ? $": {policy.Target}:{tag}" : "";
        text.Append($"\nPromotionPolicy {policy.Policy} to {policy.Target} with the template {policy.TagTemplate}{(policy.Suspended == true ? " (suspended)" : "")}\n");
        text.Append($"  {policy.Decision}{target}{(policy.At is { } at ? $" at {KubernetesJson.Time(at)}" : "")}\n");
        if (policy.Reason is { } reason && policy.Decision != PromotionDecision.HeldBack)
        {
            text.Append($"  {reason}\n");
        }

        if (policy.Criteria.Count == 0)
        {
            text.Append(policy.Decision == PromotionDecision.HeldBack ? $"  {policy.Reason}\n" : "  no criteria: every image is promoted\n");
        }

        foreach (var criterion in policy.Criteria)
        {
            text.Append($"  {Words(criterion.Outcome),-OutcomeWidth}{criterion.Criterion}: {criterion.Evidence}\n");
        }
    }

    private static string Words(CriterionOutcome outcome) => outcome switch
    {
        CriterionOutcome.Met => "met",
        CriterionOutcome.NotMet => "not met",
        _ => "unknown",
    };
}
