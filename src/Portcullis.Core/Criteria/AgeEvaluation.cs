using Portcullis.Objects.Json;

namespace Portcullis.Core.Criteria;

/// <summary>
/// Compares when a tag was updated, as DTR's updated_at and updated_at_duration do: with a duration, Before means that the last update was before
/// that long ago (the image is at least so old), After that it was later (the image is younger).
/// </summary>
internal static class AgeEvaluation
{
    public static CriterionVerdict Of(Criterion criterion, DateTimeOffset? updatedAt, DateTimeOffset now)
    {
        if (updatedAt is not { } updated)
        {
            return new CriterionVerdict(criterion, CriterionOutcome.Unknown, "when the tag was updated is not known");
        }

        var evidence = $"updated at {KubernetesJson.Time(updated)}";
        if (criterion.Field == CriterionField.UpdatedAt)
        {
            var limit = CriterionValue.Time(criterion.Values[0])!.Value;
            return new CriterionVerdict(criterion, Met(criterion.Operator == CriterionOperator.Before ? updated < limit : updated > limit), evidence);
        }

        var age = CriterionValue.Duration(criterion.Values[0])!.Value;
        var isOld = now - updated >= age;
        DateTimeOffset? turns = age < DateTimeOffset.MaxValue - updated ? updated + age : null;
        var outcome = Met(isOld == (criterion.Operator == CriterionOperator.Before));
        return new CriterionVerdict(criterion, outcome, turns is { } turn ? $"{evidence}, {Words(outcome, isOld)} {KubernetesJson.Time(turn)}" : evidence) { NextChange = isOld ? null : turns };
    }

    /// <summary>With the moment and not the age: evidence stays the same while the outcome does.</summary>
    private static string Words(CriterionOutcome outcome, bool isOld) => (outcome, isOld) switch
    {
        (CriterionOutcome.Met, true) => "met since",
        (CriterionOutcome.Met, false) => "met until",
        (_, true) => "not met since",
        _ => "to be met at",
    };

    private static CriterionOutcome Met(bool isMet) => isMet ? CriterionOutcome.Met : CriterionOutcome.NotMet;
}
