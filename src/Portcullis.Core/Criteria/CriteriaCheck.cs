using System.Globalization;

namespace Portcullis.Core.Criteria;

/// <summary>What is wrong with criteria; each with the path of its field.</summary>
public static class CriteriaCheck
{
    /// <param name="criteria">The criteria; null when there are none.</param>
    /// <param name="field">The path of the list (<c>spec.criteria</c>).</param>
    public static IEnumerable<(string Field, string Message)> Of(IReadOnlyList<Criterion>? criteria, string field) =>
        (criteria ?? []).SelectMany((c, i) => ProblemsOf(c).Select(p => (string.Create(CultureInfo.InvariantCulture, $"{field}[{i}].{p.Field}"), p.Message)));

    /// <summary>What is wrong with one, with the field of it.</summary>
    internal static IEnumerable<(string Field, string Message)> ProblemsOf(Criterion criterion)
    {
        var operators = CriterionOperators.Of(criterion.Field);
        var name = CriterionOperators.NameOf(criterion.Operator);
        if (!operators.Contains(criterion.Operator))
        {
            return [("operator", $"{criterion.Field} has no operator {name}: use {Listed([.. operators.Select(CriterionOperators.NameOf)])}")];
        }

        if (criterion.FixableOnly is not null && !CriterionOperators.IsOfVulnerabilities(criterion.Field))
        {
            return [("fixableOnly", $"{criterion.Field} does not look at vulnerabilities: fixableOnly has no meaning for it")];
        }

        if (criterion.UnknownAs is not null && !CriterionOperators.IsCount(criterion.Field))
        {
            return [("unknownAs", $"{criterion.Field} does not count vulnerabilities: unknownAs has no meaning for it")];
        }

        if (criterion.Values.Count != 1 && !CriterionOperators.TakesList(criterion.Operator))
        {
            var instead = operators.Contains(CriterionOperator.OneOf) ? "; for several use OneOf" : "";
            return [("values", $"{name} takes one value, not {criterion.Values.Count.ToString(CultureInfo.InvariantCulture)}{instead}")];
        }

        return criterion.Values.Select(v => ProblemOf(criterion, v)).OfType<string>().Select(message => ("values", message));
    }

    private static string? ProblemOf(Criterion criterion, string value) => criterion.Field switch
    {
        _ when criterion.Operator == CriterionOperator.Matches => CriterionValue.TryPattern(value, out _, out var error) ? null : $"\"{value}\": {error}",
        CriterionField.Tag or CriterionField.Package or CriterionField.License or CriterionField.SignedBy => null,
        CriterionField.UpdatedAt => CriterionValue.Time(value) is null ? $"\"{value}\" is not a time: write it as in 2026-03-01T12:00:00Z" : null,
        CriterionField.UpdatedAge => CriterionValue.Duration(value) is null ? $"\"{value}\" is not a duration: write it as in 168h or 30m" : null,
        CriterionField.CvssScore => CriterionValue.Score(value) is not { } score ? $"\"{value}\" is not a CVSS score: write a number from 0 to 10, such as 6.9" : Never(criterion, score),
        _ => CriterionValue.Count(value) is not { } count ? $"\"{value}\" is not a number of vulnerabilities: write a whole number, such as 0" : Never(criterion, count),
    };

    private static string? Never(Criterion criterion, decimal value) =>
        criterion.Operator == CriterionOperator.LessThan && value == 0 ? "nothing is less than 0, so that no image would ever meet it: use LessOrEqual" : null;

    private static string Listed(IReadOnlyList<string> names) => $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}";
}
