namespace Portcullis.Core.Vulnerabilities.Cvss;

/// <summary>
/// The score of CVSS 4.0 (first.org/cvss/v4.0/specification-document, section 8): that of the MacroVector less the mean of how far the vector is on the way
/// to each MacroVector below. Computed in whole numbers, so that it is rounded exactly.
/// </summary>
internal static class CvssV4
{
    /// <summary>A multiple of the depth of every class.</summary>
    private const int Parts = 840;

    public static decimal Score(CvssV4Metrics metrics)
    {
        if (Impacts.All(m => metrics.Is(m, "N")))
        {
            return 0.0m;
        }

        var vector = MacroVector.Of(metrics);
        var score = MacroVectorScores.Of(vector);
        var ways = Ways(vector, metrics).ToList();
        var steps = ways.Sum(w => (score - w.Lower) * w.Distance * (Parts / w.Depth));
        var whole = ways.Count == 0 ? Parts : Parts * ways.Count;
        var tenths = ((2 * ((score * whole) - steps)) + whole) / (2 * whole);
        return tenths / 10m;
    }

    private static readonly string[] Impacts = ["VC", "VI", "VA", "SC", "SI", "SA"];

    /// <summary>The scores of the MacroVectors below, in tenths, each by one class; and how far the vector is on the way there.</summary>
    private static IEnumerable<(int Lower, int Distance, int Depth)> Ways(MacroVector at, CvssV4Metrics metrics)
    {
        if (at.Exploitability < 2)
        {
            yield return (MacroVectorScores.Of(at with { Exploitability = at.Exploitability + 1 }),
                MacroVectorDistances.OfExploitability(metrics, at.Exploitability), MacroVectorDistances.DepthOfExploitability(at.Exploitability));
        }

        if (at.Complexity < 1)
        {
            yield return (MacroVectorScores.Of(at with { Complexity = 1 }),
                MacroVectorDistances.OfComplexity(metrics, at.Complexity), MacroVectorDistances.DepthOfComplexity(at.Complexity));
        }

        if (at.Vulnerable < 4)
        {
            yield return (LowerByVulnerable(at),
                MacroVectorDistances.OfVulnerable(metrics, at.Vulnerable), MacroVectorDistances.DepthOfVulnerable(at.Vulnerable));
        }

        if (at.Subsequent < 2)
        {
            yield return (MacroVectorScores.Of(at with { Subsequent = at.Subsequent + 1 }),
                MacroVectorDistances.OfSubsequent(metrics, at.Subsequent), MacroVectorDistances.DepthOfSubsequent(at.Subsequent));
        }

        if (at.Exploit < 2)
        {
            yield return (MacroVectorScores.Of(at with { Exploit = at.Exploit + 1 }), 0, 1);
        }
    }

    /// <summary>From 00 there are two ways, and the higher score counts; from 01 and 10 the next is 11, from 11 it is 21.</summary>
    private static int LowerByVulnerable(MacroVector at) => at.Vulnerable switch
    {
        0 => Math.Max(MacroVectorScores.Of(at with { Vulnerable = 1 }), MacroVectorScores.Of(at with { Vulnerable = 2 })),
        1 or 2 => MacroVectorScores.Of(at with { Vulnerable = 3 }),
        _ => MacroVectorScores.Of(at with { Vulnerable = 4 }),
    };
}
