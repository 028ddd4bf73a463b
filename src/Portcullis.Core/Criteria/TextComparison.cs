namespace Portcullis.Core.Criteria;

/// <summary>Compares one text with the values of a criterion, by ordinals: a tag is the same in every culture.</summary>
internal static class TextComparison
{
    /// <summary>Whether the text meets the criterion; for NotEquals and NotOneOf, whether it is none of the values.</summary>
    public static bool IsMet(Criterion criterion, string text) => criterion.Operator is CriterionOperator.NotEqualTo or CriterionOperator.NotOneOf
        ? !criterion.Values.Contains(text, StringComparer.Ordinal)
        : criterion.Values.Any(v => Has(criterion.Operator, text, v));

    private static bool Has(CriterionOperator one, string text, string value) => one switch
    {
        CriterionOperator.EqualTo or CriterionOperator.OneOf => text == value,
        CriterionOperator.StartsWith => text.StartsWith(value, StringComparison.Ordinal),
        CriterionOperator.EndsWith => text.EndsWith(value, StringComparison.Ordinal),
        CriterionOperator.Contains => text.Contains(value, StringComparison.Ordinal),
        _ => CriterionValue.TryPattern(value, out var pattern, out _) && pattern.IsMatch(text),
    };
}
