namespace Portcullis.Core.Vulnerabilities.Cvss;

/// <summary>
/// The equivalence classes of a vector of CVSS 4.0 (first.org/cvss/v4.0/specification-document, section 8.2, tables 24 to 29), 0 the gravest of each. Classes 3 and 6
/// depend on each other and are one here: 00, 01, 10, 11 and 21 are 0 to 4.
/// </summary>
internal readonly record struct MacroVector(int Exploitability, int Complexity, int Vulnerable, int Subsequent, int Exploit)
{
    private const int ClassesOfComplexity = 2;
    private const int ClassesOfVulnerable = 5;
    private const int ClassesOfSubsequent = 3;
    private const int ClassesOfExploit = 3;

    public static MacroVector Of(CvssV4Metrics metrics) =>
        new(ExploitabilityOf(metrics), metrics.Is("AC", "L") && metrics.Is("AT", "N") ? 0 : 1, VulnerableOf(metrics), SubsequentOf(metrics), "APU".IndexOf(metrics.Exploit, StringComparison.Ordinal));

    /// <summary>The place of its score in <see cref="MacroVectorScores"/>.</summary>
    public int Index =>
        (((((((Exploitability * ClassesOfComplexity) + Complexity) * ClassesOfVulnerable) + Vulnerable) * ClassesOfSubsequent) + Subsequent) * ClassesOfExploit) + Exploit;

    private static int ExploitabilityOf(CvssV4Metrics metrics)
    {
        var easy = (metrics.Is("AV", "N") ? 1 : 0) + (metrics.Is("PR", "N") ? 1 : 0) + (metrics.Is("UI", "N") ? 1 : 0);
        return easy == 3 ? 0 : easy > 0 && !metrics.Is("AV", "P") ? 1 : 2;
    }

    private static int VulnerableOf(CvssV4Metrics metrics)
    {
        var isRequired = (metrics.Is("CR", "H") && metrics.Is("VC", "H")) || (metrics.Is("IR", "H") && metrics.Is("VI", "H")) || (metrics.Is("AR", "H") && metrics.Is("VA", "H"));
        if (metrics.Is("VC", "H") && metrics.Is("VI", "H"))
        {
            return isRequired ? 0 : 1;
        }

        var isHigh = metrics.Is("VC", "H") || metrics.Is("VI", "H") || metrics.Is("VA", "H");
        return !isHigh ? 4 : isRequired ? 2 : 3;
    }

    private static int SubsequentOf(CvssV4Metrics metrics)
    {
        var isSafety = metrics.Is("SI", "S") || metrics.Is("SA", "S");
        return isSafety ? 0 : metrics.Is("SC", "H") || metrics.Is("SI", "H") || metrics.Is("SA", "H") ? 1 : 2;
    }
}
