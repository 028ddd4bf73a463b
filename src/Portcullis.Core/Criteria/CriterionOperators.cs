namespace Portcullis.Core.Criteria;

/// <summary>Which operators a field has, as DTR's promotion policies have them (docs/promotion.md).</summary>
public static class CriterionOperators
{
    private static readonly IReadOnlyList<CriterionOperator> Text =
    [
        CriterionOperator.EqualTo, CriterionOperator.NotEqualTo, CriterionOperator.StartsWith, CriterionOperator.EndsWith,
        CriterionOperator.Contains, CriterionOperator.OneOf, CriterionOperator.NotOneOf, CriterionOperator.Matches,
    ];

    private static readonly IReadOnlyList<CriterionOperator> Names =
        [.. Text.Where(o => o != CriterionOperator.NotEqualTo)];

    private static readonly IReadOnlyList<CriterionOperator> Lists = [CriterionOperator.OneOf, CriterionOperator.NotOneOf];

    private static readonly IReadOnlyList<CriterionOperator> Numbers =
    [
        CriterionOperator.EqualTo, CriterionOperator.NotEqualTo, CriterionOperator.GreaterThan, CriterionOperator.GreaterOrEqual,
        CriterionOperator.LessThan, CriterionOperator.LessOrEqual,
    ];

    private static readonly IReadOnlyList<CriterionOperator> Times = [CriterionOperator.Before, CriterionOperator.After];

    private static readonly IReadOnlyList<CriterionOperator> Signers = [CriterionOperator.EqualTo, CriterionOperator.OneOf];

    public static IReadOnlyList<CriterionOperator> Of(CriterionField field) => field switch
    {
        CriterionField.Tag => Text,
        CriterionField.Package => Names,
        CriterionField.License => Lists,
        CriterionField.UpdatedAt or CriterionField.UpdatedAge => Times,
        CriterionField.SignedBy => Signers,
        _ => Numbers,
    };

    /// <summary>Whether a scan or a signature says it, and not the ledger of tags.</summary>
    public static bool NeedsEvidence(CriterionField field) => field is not (CriterionField.Tag or CriterionField.UpdatedAt or CriterionField.UpdatedAge);

    /// <summary>Whether it looks at the components of an image, and not only at what was counted.</summary>
    public static bool NeedsComponents(CriterionField field) => field is CriterionField.Package or CriterionField.License;

    /// <summary>Whether it looks at vulnerabilities.</summary>
    public static bool IsOfVulnerabilities(CriterionField field) => field is CriterionField.CvssScore || IsCount(field);

    /// <summary>Whether it counts vulnerabilities.</summary>
    public static bool IsCount(CriterionField field) =>
        field is CriterionField.AllVulnerabilities or CriterionField.CriticalVulnerabilities or CriterionField.MajorVulnerabilities or CriterionField.MinorVulnerabilities;

    /// <summary>Whether it is compared with several values.</summary>
    public static bool TakesList(CriterionOperator one) => one is CriterionOperator.OneOf or CriterionOperator.NotOneOf;

    /// <summary>The operator as manifests write it.</summary>
    public static string NameOf(CriterionOperator one) => one switch
    {
        CriterionOperator.EqualTo => "Equals",
        CriterionOperator.NotEqualTo => "NotEquals",
        _ => one.ToString(),
    };
}
