namespace Portcullis.Core.Vulnerabilities;

/// <summary>The bounds that DTR set on CVSS base scores.</summary>
public static class SeverityBounds
{
    private const decimal Critical = 7.0m;
    private const decimal Major = 4.0m;

    /// <summary>The severity of a base score from 0.0 to 10.0; that of no score is not known.</summary>
    public static Severity Of(decimal? score) => score switch
    {
        null => Severity.Unknown,
        >= Critical => Severity.Critical,
        >= Major => Severity.Major,
        _ => Severity.Minor,
    };
}
