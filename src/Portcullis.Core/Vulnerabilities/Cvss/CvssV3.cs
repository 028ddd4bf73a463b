namespace Portcullis.Core.Vulnerabilities.Cvss;

/// <summary>The base scores of CVSS versions 3.0 and 3.1 (first.org/cvss/v3.1/specification-document, section 7.1), which differ in how they round alone.</summary>
internal static class CvssV3
{
    public static decimal BaseScore(CvssMetrics metrics)
    {
        var isChanged = metrics["S"] == "C";
        var impact = Impact(1 - ((1 - Loss(metrics["C"])) * (1 - Loss(metrics["I"])) * (1 - Loss(metrics["A"]))), isChanged);
        if (impact <= 0)
        {
            return 0.0m;
        }

        var exploitability = 8.22m * AttackVector(metrics["AV"]) * (metrics["AC"] == "L" ? 0.77m : 0.44m)
            * PrivilegesRequired(metrics["PR"], isChanged) * (metrics["UI"] == "N" ? 0.85m : 0.62m);
        var score = Math.Min((isChanged ? 1.08m : 1) * (impact + exploitability), 10);
        return metrics.Version == CvssVersion.V30 ? Math.Ceiling(score * 10) / 10 : RoundUp(score);
    }

    private static decimal Impact(decimal loss, bool isChanged) =>
        isChanged ? (7.52m * (loss - 0.029m)) - (3.25m * FifteenthPower(loss - 0.02m)) : 6.42m * loss;

    private static decimal FifteenthPower(decimal value)
    {
        var cube = value * value * value;
        return cube * cube * cube * cube * cube;
    }

    /// <summary>Up to one decimal, but for what is below a hundred-thousandth (appendix A).</summary>
    private static decimal RoundUp(decimal score) => Math.Ceiling(Math.Round(score, 5, MidpointRounding.AwayFromZero) * 10) / 10;

    private static decimal Loss(string value) => value switch { "H" => 0.56m, "L" => 0.22m, _ => 0 };

    private static decimal AttackVector(string value) => value switch { "N" => 0.85m, "A" => 0.62m, "L" => 0.55m, _ => 0.2m };

    private static decimal PrivilegesRequired(string value, bool isChanged) => value switch
    {
        "N" => 0.85m,
        "L" => isChanged ? 0.68m : 0.62m,
        _ => isChanged ? 0.5m : 0.27m,
    };
}
