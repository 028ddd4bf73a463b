namespace Portcullis.Core.Vulnerabilities.Cvss;

/// <summary>A CVSS vector, and the scores that are computed from it.</summary>
public sealed class CvssVector
{
    private const decimal OneDecimal = 0.0m; // 7 plus it is written 7.0

    private CvssVector(string text, CvssVersion version, decimal baseScore, decimal score)
    {
        Text = text;
        Version = version;
        BaseScore = baseScore + OneDecimal;
        Score = score + OneDecimal;
    }

    /// <summary>The vector as it was given, without space around it.</summary>
    public string Text { get; }

    public CvssVersion Version { get; }

    /// <summary>From 0.0 to 10.0, with one decimal: by the base metrics alone.</summary>
    public decimal BaseScore { get; }

    /// <summary>By all metrics that the vector has, for version 4.0, whose single score they are all part of; for earlier versions the base score.</summary>
    public decimal Score { get; }

    /// <summary>
    /// The vector, or null when the text is none: an unknown metric or value, a metric twice, or a base metric that is missing. Metrics may have any order; a vector of
    /// version 2, which has no prefix, may stand in parentheses.
    /// </summary>
    public static CvssVector? Parse(string text)
    {
        text = text.Trim();
        if (CvssMetrics.Read(text) is not { } metrics)
        {
            return null;
        }

        return metrics.Version switch
        {
            CvssVersion.V2 => With(CvssV2.BaseScore(metrics)),
            CvssVersion.V30 or CvssVersion.V31 => With(CvssV3.BaseScore(metrics)),
            _ => new CvssVector(text, metrics.Version, CvssV4.Score(new CvssV4Metrics(metrics, isBaseOnly: true)), CvssV4.Score(new CvssV4Metrics(metrics, isBaseOnly: false))),
        };

        CvssVector With(decimal score) => new(text, metrics.Version, score, score);
    }

    /// <summary>The vector to go by: of the latest version, and of several the one with the highest base score; null when none can be read.</summary>
    public static CvssVector? Preferred(IEnumerable<string> texts) =>
        texts.Select(Parse).OfType<CvssVector>().OrderByDescending(v => v.Version).ThenByDescending(v => v.BaseScore).ThenBy(v => v.Text, StringComparer.Ordinal).FirstOrDefault();

    public override string ToString() => Text;
}
