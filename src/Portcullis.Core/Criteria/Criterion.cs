using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Portcullis.Core.Criteria;

/// <summary>One condition on an image, as DTR's promotion policies write them: a field, an operator, and the values it is compared with.</summary>
public sealed record Criterion
{
    [Description("What of the image is compared.")]
    public required CriterionField Field { get; init; }

    [Description("How it is compared. Which operators a field has is in docs/promotion.md.")]
    public required CriterionOperator Operator { get; init; }

    [Description("What it is compared with: several for OneOf and NotOneOf, else one. Numbers and times are written as strings.")]
    [Items(100, Minimum = 1)]
    [StringLength(512, MinimumLength = 1)]
    public required IReadOnlyList<string> Values { get; init; }

    [Description("Of a criterion on vulnerabilities: only those count of which a component can be replaced by a version without it.")]
    public bool? FixableOnly { get; init; }

    [Description("Of a criterion on numbers of vulnerabilities: as what those count that nobody has rated. Default Critical.")]
    public UnknownSeverity? UnknownAs { get; init; }

    /// <summary>The criterion in one line, as in <c>CriticalVulnerabilities LessOrEqual 0</c>.</summary>
    public string Describe()
    {
        var options = string.Concat(FixableOnly == true ? " (fixable only)" : "", UnknownAs is { } other and not UnknownSeverity.Critical ? $" (unknown as {other})" : "");
        return $"{Field} {CriterionOperators.NameOf(Operator)} {string.Join(", ", Values)}{options}";
    }
}

/// <summary>What of an image a criterion looks at.</summary>
public enum CriterionField
{
    /// <summary>The name of the tag.</summary>
    Tag,

    /// <summary>The names of the components in the image.</summary>
    Package,

    /// <summary>The licences of the components in the image.</summary>
    License,

    /// <summary>The number of known vulnerabilities of any severity.</summary>
    AllVulnerabilities,

    /// <summary>Those with a CVSS score of 7.0 or more.</summary>
    CriticalVulnerabilities,

    /// <summary>Those from 4.0 to below 7.0.</summary>
    MajorVulnerabilities,

    /// <summary>Those below 4.0.</summary>
    MinorVulnerabilities,

    /// <summary>The highest CVSS score of any vulnerability; 0 without one.</summary>
    CvssScore,

    /// <summary>When the tag was last pushed or promoted.</summary>
    UpdatedAt,

    /// <summary>How long ago that was.</summary>
    UpdatedAge,

    /// <summary>The teams whose signature the image has.</summary>
    SignedBy,
}

/// <summary>As what a vulnerability counts that nobody has rated.</summary>
public enum UnknownSeverity
{
    Critical,
    Major,
    Minor,

    /// <summary>As none: it does not count at all.</summary>
    Ignored,
}

/// <summary>How a field is compared with the values.</summary>
public enum CriterionOperator
{
    [JsonStringEnumMemberName("Equals")]
    EqualTo,

    [JsonStringEnumMemberName("NotEquals")]
    NotEqualTo,

    StartsWith,

    EndsWith,

    Contains,

    OneOf,

    NotOneOf,

    /// <summary>A regular expression in RE2's syntax, anywhere in the text.</summary>
    Matches,

    GreaterThan,

    GreaterOrEqual,

    LessThan,

    LessOrEqual,

    Before,

    After,
}
