using System.Collections.Frozen;

namespace Portcullis.Core.Vulnerabilities.Cvss;

/// <summary>Which metrics a version of CVSS has, and their values.</summary>
internal sealed class CvssMetricNames
{
    // Each is the metric, a colon and its values; the base metrics and the others.
    private static readonly CvssMetricNames V2 = new(
        "AV:L,A,N AC:H,M,L Au:M,S,N C:N,P,C I:N,P,C A:N,P,C",
        "E:U,POC,F,H,ND RL:OF,TF,W,U,ND RC:UC,UR,C,ND CDP:N,L,LM,MH,H,ND TD:N,L,M,H,ND CR:L,M,H,ND IR:L,M,H,ND AR:L,M,H,ND");

    private static readonly CvssMetricNames V3 = new(
        "AV:N,A,L,P AC:L,H PR:N,L,H UI:N,R S:U,C C:N,L,H I:N,L,H A:N,L,H",
        "E:X,U,P,F,H RL:X,O,T,W,U RC:X,U,R,C CR:X,L,M,H IR:X,L,M,H AR:X,L,M,H "
        + "MAV:X,N,A,L,P MAC:X,L,H MPR:X,N,L,H MUI:X,N,R MS:X,U,C MC:X,N,L,H MI:X,N,L,H MA:X,N,L,H");

    private static readonly CvssMetricNames V4 = new(
        "AV:N,A,L,P AC:L,H AT:N,P PR:N,L,H UI:N,P,A VC:H,L,N VI:H,L,N VA:H,L,N SC:H,L,N SI:H,L,N SA:H,L,N",
        "E:X,A,P,U CR:X,H,M,L IR:X,H,M,L AR:X,H,M,L MAV:X,N,A,L,P MAC:X,L,H MAT:X,N,P MPR:X,N,L,H MUI:X,N,P,A MVC:X,H,L,N MVI:X,H,L,N MVA:X,H,L,N "
        + "MSC:X,H,L,N MSI:X,S,H,L,N MSA:X,S,H,L,N S:X,N,P AU:X,N,Y R:X,A,U,I V:X,D,C RE:X,L,M,H U:X,Clear,Green,Amber,Red");

    private readonly FrozenDictionary<string, string[]> _values;

    private CvssMetricNames(string baseMetrics, string otherMetrics)
    {
        Base = [.. baseMetrics.Split(' ').Select(m => m.Split(':')[0])];
        _values = $"{baseMetrics} {otherMetrics}".Split(' ').Select(m => m.Split(':')).ToFrozenDictionary(m => m[0], m => m[1].Split(','), StringComparer.Ordinal);
    }

    /// <summary>The metrics that every vector must have.</summary>
    public IReadOnlyList<string> Base { get; }

    public bool Allow(string metric, string value) => _values.TryGetValue(metric, out var values) && values.Contains(value, StringComparer.Ordinal);

    public static CvssMetricNames Of(CvssVersion version) => version switch
    {
        CvssVersion.V2 => V2,
        CvssVersion.V40 => V4,
        _ => V3,
    };
}
