using System.ComponentModel;

namespace Portcullis.Core.Vulnerabilities;

/// <summary>How many vulnerabilities of each severity there are, each counted once, and how high they are scored.</summary>
public sealed record FindingSummary
{
    public static FindingSummary None { get; } = new();

    [Description("Vulnerabilities with a CVSS score of 7.0 or more.")]
    public int Critical { get; init; }

    [Description("Those from 4.0 to below 7.0.")]
    public int Major { get; init; }

    [Description("Those below 4.0.")]
    public int Minor { get; init; }

    [Description("Those that nobody has rated.")]
    public int Unknown { get; init; }

    [Description("The highest CVSS score of any; none when none has one.")]
    public decimal? HighestScore { get; init; }

    [Description("Those without a CVSS score.")]
    public int Unscored { get; init; }

    /// <summary>Vulnerabilities of any severity, also of none.</summary>
    internal int All => Critical + Major + Minor + Unknown;

    /// <summary>A vulnerability that several components have counts once, by the gravest of what is said of it.</summary>
    public static FindingSummary Of(IEnumerable<Finding> findings)
    {
        var summary = None;
        foreach (var same in findings.GroupBy(f => f.Vulnerability.Id, StringComparer.Ordinal))
        {
            summary = summary.With(same.Max(f => f.Vulnerability.Severity), same.Max(f => f.Vulnerability.Score));
        }

        return summary;
    }

    private FindingSummary With(Severity severity, decimal? score)
    {
        var scored = score is null ? this with { Unscored = Unscored + 1 } : score > (HighestScore ?? -1) ? this with { HighestScore = score } : this;
        return severity switch
        {
            Severity.Critical => scored with { Critical = Critical + 1 },
            Severity.Major => scored with { Major = Major + 1 },
            Severity.Minor => scored with { Minor = Minor + 1 },
            _ => scored with { Unknown = Unknown + 1 },
        };
    }
}
