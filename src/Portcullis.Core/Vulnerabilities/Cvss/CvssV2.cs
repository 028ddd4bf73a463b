namespace Portcullis.Core.Vulnerabilities.Cvss;

/// <summary>The base score of CVSS version 2 (first.org/cvss/v2/guide, section 3.2.1).</summary>
internal static class CvssV2
{
    public static decimal BaseScore(CvssMetrics metrics)
    {
        var impact = 10.41m * (1 - ((1 - Impact(metrics["C"])) * (1 - Impact(metrics["I"])) * (1 - Impact(metrics["A"]))));
        var exploitability = 20 * AccessVector(metrics["AV"]) * AccessComplexity(metrics["AC"]) * Authentication(metrics["Au"]);
        var score = ((0.6m * impact) + (0.4m * exploitability) - 1.5m) * (impact == 0 ? 0 : 1.176m);
        return Math.Round(score, 1, MidpointRounding.AwayFromZero);
    }

    private static decimal Impact(string value) => value switch { "N" => 0, "P" => 0.275m, _ => 0.660m };

    private static decimal AccessVector(string value) => value switch { "L" => 0.395m, "A" => 0.646m, _ => 1.0m };

    private static decimal AccessComplexity(string value) => value switch { "H" => 0.35m, "M" => 0.61m, _ => 0.71m };

    private static decimal Authentication(string value) => value switch { "M" => 0.45m, "S" => 0.56m, _ => 0.704m };
}
