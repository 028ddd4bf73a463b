namespace Portcullis.Core.Vulnerabilities.Cvss;

/// <summary>
/// How far a vector of CVSS 4.0 is from the gravest of its equivalence class, in steps of single metrics, and how deep the class is
/// (first.org/cvss/v4.0/specification-document, section 8.2, and the tables that FIRST publishes with it).
/// </summary>
internal static class MacroVectorDistances
{
    // For each class its gravest vectors, in the order in which they are tried.
    private static readonly string[][] Exploitability = [["AV:N/PR:N/UI:N"], ["AV:A/PR:N/UI:N", "AV:N/PR:L/UI:N", "AV:N/PR:N/UI:P"], ["AV:P/PR:N/UI:N", "AV:A/PR:L/UI:P"]];
    private static readonly string[][] Complexity = [["AC:L/AT:N"], ["AC:H/AT:N", "AC:L/AT:P"]];
    private static readonly string[][] Subsequent = [["SC:H/SI:S/SA:S"], ["SC:H/SI:H/SA:H"], ["SC:L/SI:L/SA:L"]];
    private static readonly string[][] Vulnerable =
    [
        ["VC:H/VI:H/VA:H/CR:H/IR:H/AR:H"],
        ["VC:H/VI:H/VA:L/CR:M/IR:M/AR:H", "VC:H/VI:H/VA:H/CR:M/IR:M/AR:M"],
        ["VC:L/VI:H/VA:H/CR:H/IR:H/AR:H", "VC:H/VI:L/VA:H/CR:H/IR:H/AR:H"],
        [
            "VC:L/VI:H/VA:L/CR:H/IR:M/AR:H", "VC:L/VI:H/VA:H/CR:H/IR:M/AR:M", "VC:H/VI:L/VA:H/CR:M/IR:H/AR:M", "VC:H/VI:L/VA:L/CR:M/IR:H/AR:H",
            "VC:L/VI:L/VA:H/CR:H/IR:H/AR:M",
        ],
        ["VC:L/VI:L/VA:L/CR:H/IR:H/AR:H"],
    ];

    public static int OfExploitability(CvssV4Metrics metrics, int level) => Distance(metrics, Exploitability[level]);

    public static int OfComplexity(CvssV4Metrics metrics, int level) => Distance(metrics, Complexity[level]);

    public static int OfVulnerable(CvssV4Metrics metrics, int level) => Distance(metrics, Vulnerable[level]);

    public static int OfSubsequent(CvssV4Metrics metrics, int level) => Distance(metrics, Subsequent[level]);

    public static int DepthOfExploitability(int level) => level switch { 0 => 1, 1 => 4, _ => 5 };

    public static int DepthOfComplexity(int level) => level == 0 ? 1 : 2;

    public static int DepthOfVulnerable(int level) => level switch { 0 => 7, 1 => 6, 2 or 3 => 8, _ => 10 };

    public static int DepthOfSubsequent(int level) => level switch { 0 => 6, 1 => 5, _ => 4 };

    /// <summary>The steps to the first of the gravest vectors that is in no metric less grave than the vector.</summary>
    private static int Distance(CvssV4Metrics metrics, string[] gravest)
    {
        foreach (var vector in gravest)
        {
            var steps = vector.Split('/').Select(m => m.Split(':')).Select(m => Level(m[0], metrics[m[0]]) - Level(m[0], m[1])).ToList();
            if (steps.TrueForAll(s => s >= 0))
            {
                return steps.Sum();
            }
        }

        return 0;
    }

    /// <summary>The values of a metric, the gravest first.</summary>
    private static int Level(string metric, string value) => (metric switch
    {
        "AV" => "NALP",
        "PR" => "NLH",
        "UI" => "NPA",
        "AC" => "LH",
        "AT" => "NP",
        "CR" or "IR" or "AR" => "HML",
        _ => "SHLN",
    }).IndexOf(value, StringComparison.Ordinal);
}
