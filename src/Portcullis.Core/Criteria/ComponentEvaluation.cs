using Portcullis.Core.Licences;

namespace Portcullis.Core.Criteria;

/// <summary>
/// Compares the packages of a scanned image and their licences. As in DTR, OneOf holds when any component has one of them, NotOneOf when none has;
/// a component whose licence is not known, or is not on SPDX's list, may have any, so that NotOneOf does not hold for it.
/// </summary>
internal static class ComponentEvaluation
{
    /// <summary>How many names a message lists.</summary>
    private const int Listed = 5;

    public static CriterionVerdict OfPackages(Criterion criterion, IReadOnlyList<ImageComponent> components)
    {
        var isNot = criterion.Operator == CriterionOperator.NotOneOf;
        var asked = isNot ? criterion with { Operator = CriterionOperator.OneOf } : criterion;
        var found = Names(components.Select(c => c.Name).Where(n => TextComparison.IsMet(asked, n)));
        return found.Count == 0
            ? new CriterionVerdict(criterion, isNot ? CriterionOutcome.Met : CriterionOutcome.NotMet, $"none of {Pluralize.Of(components.Count, "component")} is such a package")
            : new CriterionVerdict(criterion, isNot ? CriterionOutcome.NotMet : CriterionOutcome.Met, $"has {List(found)}");
    }

    public static CriterionVerdict OfLicenses(Criterion criterion, IReadOnlyList<ImageComponent> components)
    {
        var isNot = criterion.Operator == CriterionOperator.NotOneOf;
        var found = Names(
            from component in components
            from license in component.Licenses
            where criterion.Values.Any(v => string.Equals(SpdxLicenses.Canonical(v) ?? v, license, StringComparison.OrdinalIgnoreCase))
            select $"{component.Name} ({license})");
        if (found.Count > 0)
        {
            return new CriterionVerdict(criterion, isNot ? CriterionOutcome.NotMet : CriterionOutcome.Met, $"has {List(found)}");
        }

        var unknown = Names(components.Where(c => c.Licenses.Count == 0 || c.Licenses.Any(LicenseExpression.IsUnlisted)).Select(c => c.Name));
        return isNot && unknown.Count > 0
            ? new CriterionVerdict(criterion, CriterionOutcome.NotMet, $"the license of {List(unknown)} is not known")
            : new CriterionVerdict(criterion, isNot ? CriterionOutcome.Met : CriterionOutcome.NotMet, $"none of {Pluralize.Of(components.Count, "component")} has such a license");
    }

    private static List<string> Names(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static string List(List<string> names) =>
        string.Join(", ", names.Take(Listed)) + (names.Count > Listed ? $" and {Pluralize.Of(names.Count - Listed, "other")}" : "");
}
