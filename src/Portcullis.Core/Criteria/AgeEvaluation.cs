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
        return new CriterionVerdict(criterion, Met(isOld == (criterion.Operator == CriterionOperator.Before)), evidence)
        {
            NextChange = !isOld && age < DateTimeOffset.MaxValue - updated ? updated + age : null,
        };
    }

    private static CriterionOutcome Met(bool isMet) => isMet ? CriterionOutcome.Met : CriterionOutcome.NotMet;
}
