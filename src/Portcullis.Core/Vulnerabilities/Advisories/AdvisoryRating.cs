namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>Who rated a vulnerability, from the least to the most trusted: the better one is taken, whatever it says.</summary>
public enum RatingSource
{
    None,

    /// <summary>The word of the publisher, such as a distribution's urgency, where there is no vector.</summary>
    Word,

    Cvss2,

    Cvss30,

    Cvss31,

    Cvss4,
}

/// <summary>How an advisory rates its vulnerability.</summary>
public sealed record AdvisoryRating
{
    public static AdvisoryRating None { get; } = new() { Source = RatingSource.None, Severity = Severity.Unknown };

    public required RatingSource Source { get; init; }

    public required Severity Severity { get; init; }

    /// <summary>The base score; null when there is no vector.</summary>
    public decimal? Score { get; init; }

    public string? Vector { get; init; }

    /// <summary>The one that counts: the newest CVSS version, and of two of the same the graver one; in no case does the order of the arguments matter.</summary>
    public static AdvisoryRating Better(AdvisoryRating one, AdvisoryRating other)
    {
        var order = Compare(one, other);
        return order >= 0 ? one : other;
    }

    private static int Compare(AdvisoryRating one, AdvisoryRating other)
    {
        var bySource = one.Source.CompareTo(other.Source);
        var byScore = bySource != 0 ? bySource : Nullable.Compare(one.Score, other.Score);
        var bySeverity = byScore != 0 ? byScore : one.Severity.CompareTo(other.Severity);
        return bySeverity != 0 ? bySeverity : string.CompareOrdinal(one.Vector, other.Vector);
    }
}
