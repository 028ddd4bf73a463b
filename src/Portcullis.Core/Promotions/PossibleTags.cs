using Portcullis.Core.Criteria;

namespace Portcullis.Core.Promotions;

/// <summary>Which tags a policy may write, as far as its template and its criteria on tags say: all of a list, or whatever begins and ends so.</summary>
internal sealed record PossibleTags
{
    /// <summary>All of them; null when they cannot be listed.</summary>
    private IReadOnlyList<string>? Listed { get; init; }

    private string Prefix { get; init; } = "";

    private string Suffix { get; init; } = "";

    public static PossibleTags Of(PromotionPolicySpec spec)
    {
        var template = spec.Target.Template;
        if (TagTemplate.IsFixed(template))
        {
            return new PossibleTags { Listed = [TagTemplate.Render(template, "", DateTimeOffset.UnixEpoch)] };
        }

        var onTags = OnTags(spec);
        if (!TagTemplate.HasTime(template) && onTags.FirstOrDefault(c => c.Operator is CriterionOperator.EqualTo or CriterionOperator.OneOf) is { } few)
        {
            return new PossibleTags { Listed = [.. few.Values.Where(v => Meets(onTags, v)).Select(v => TagTemplate.Render(template, v, DateTimeOffset.UnixEpoch))] };
        }

        var (before, first, last, after) = TagTemplate.Ends(template);
        return new PossibleTags
        {
            Prefix = before + (first == 'n' ? ValueOf(onTags, CriterionOperator.StartsWith) : ""),
            Suffix = (last == 'n' ? ValueOf(onTags, CriterionOperator.EndsWith) : "") + after,
        };
    }

    /// <summary>Whether a policy could promote one of them: when the criteria cannot say, it could.</summary>
    public bool CouldBePromotedBy(PromotionPolicySpec next)
    {
        var onTags = OnTags(next);
        return Listed is { } few ? few.Any(t => Meets(onTags, t)) : onTags.All(CouldMeet);
    }

    private bool CouldMeet(Criterion criterion) => criterion.Operator switch
    {
        CriterionOperator.EqualTo or CriterionOperator.OneOf => criterion.Values.Any(v => v.StartsWith(Prefix, StringComparison.Ordinal) && v.EndsWith(Suffix, StringComparison.Ordinal)),
        CriterionOperator.StartsWith => AreOneWay(Prefix, criterion.Values[0], (longer, shorter) => longer.StartsWith(shorter, StringComparison.Ordinal)),
        CriterionOperator.EndsWith => AreOneWay(Suffix, criterion.Values[0], (longer, shorter) => longer.EndsWith(shorter, StringComparison.Ordinal)),
        _ => true,
    };

    private static bool AreOneWay(string left, string right, Func<string, string, bool> has) => left.Length >= right.Length ? has(left, right) : has(right, left);

    private static string ValueOf(IReadOnlyList<Criterion> criteria, CriterionOperator one) =>
        criteria.Where(c => c.Operator == one).Select(c => c.Values[0]).OrderByDescending(v => v.Length).FirstOrDefault() ?? "";

    private static IReadOnlyList<Criterion> OnTags(PromotionPolicySpec spec) =>
        [.. (spec.Criteria ?? []).Where(c => c.Field == CriterionField.Tag && !CriteriaCheck.ProblemsOf(c).Any())];

    private static bool Meets(IReadOnlyList<Criterion> onTags, string tag) =>
        CriteriaEvaluation.Of(onTags, new ImageFacts { Tag = tag, Digest = "" }, DateTimeOffset.UnixEpoch).AreMet;
}
