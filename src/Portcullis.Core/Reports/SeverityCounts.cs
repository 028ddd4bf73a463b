using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Core.Reports;

/// <summary>How many vulnerabilities count, each once whichever components have it.</summary>
public readonly record struct SeverityCounts(int Critical, int Major, int Minor, int Unknown)
{
    public int All => Critical + Major + Minor + Unknown;

    /// <summary>Those that are not hidden.</summary>
    public static SeverityCounts Of(IEnumerable<LocatedFinding> findings)
    {
        var counted = findings.Where(f => f.Finding.Hidden is null).DistinctBy(f => f.Finding.Vulnerability.Id).CountBy(f => f.Finding.Vulnerability.Severity).ToDictionary();
        return new(
            counted.GetValueOrDefault(Severity.Critical), counted.GetValueOrDefault(Severity.Major),
            counted.GetValueOrDefault(Severity.Minor), counted.GetValueOrDefault(Severity.Unknown));
    }
}
