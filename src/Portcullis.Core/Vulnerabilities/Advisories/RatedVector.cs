using Portcullis.Core.Vulnerabilities.Cvss;

namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>Rates a vulnerability by its CVSS vector.</summary>
internal static class RatedVector
{
    /// <summary>Null when the text is no vector.</summary>
    public static AdvisoryRating? Of(string text) => CvssVector.Parse(text) is { } vector
        ? new AdvisoryRating { Source = SourceOf(vector.Version), Severity = SeverityBounds.Of(vector.BaseScore), Score = vector.BaseScore, Vector = vector.Text }
        : null;

    private static RatingSource SourceOf(CvssVersion version) => version switch
    {
        CvssVersion.V2 => RatingSource.Cvss2,
        CvssVersion.V30 => RatingSource.Cvss30,
        CvssVersion.V31 => RatingSource.Cvss31,
        _ => RatingSource.Cvss4,
    };
}
