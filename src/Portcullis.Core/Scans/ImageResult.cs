using Portcullis.Core.Components;
using Portcullis.Core.Reports;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Core.Scans;

/// <summary>What is known of the components of an image, or of all images of an index together.</summary>
public sealed record ImageResult
{
    /// <summary>What was found in each image, those findings too that are hidden.</summary>
    public required IReadOnlyList<ReportedFindings> Images { get; init; }

    /// <summary>Each vulnerability of each component once, in all images.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Vulnerabilities that count, each once.</summary>
    public required FindingSummary All { get; init; }

    /// <summary>Those of which a component can be replaced by a version without it.</summary>
    public required FindingSummary Fixable { get; init; }

    public IEnumerable<Finding> Counted => Findings.Where(f => f.Hidden is null);

    public IEnumerable<Finding> Hidden => Findings.Where(f => f.Hidden is not null);

    /// <summary>Components that the database has no advisories for, so that nothing found says nothing.</summary>
    public IEnumerable<string> NotCovered => Images.SelectMany(i => i.NotCovered).Distinct(StringComparer.Ordinal);

    /// <param name="images">The components; several for an index.</param>
    /// <param name="advisories">The vulnerabilities of components.</param>
    /// <param name="hide">Marks the findings that do not count, each in its place.</param>
    /// <param name="more">Findings that others report of the images.</param>
    public static ImageResult Of(
        IReadOnlyList<ImageInventory> images, IAdvisoryIndex advisories, Func<IReadOnlyList<Finding>, IReadOnlyList<Finding>> hide, IReadOnlyList<Finding>? more = null)
    {
        var reported = images.Select(i => Hide(ReportedFindings.Of(i, advisories), hide)).ToList();
        var findings = reported.SelectMany(r => r.All).Select(f => f.Finding).Concat(hide(more ?? [])).DistinctBy(f => (f.Vulnerability.Id, f.Component)).ToList();
        var counted = findings.Where(f => f.Hidden is null).ToList();
        return new ImageResult { Images = reported, Findings = findings, All = FindingSummary.Of(counted), Fixable = FindingSummary.Of(counted.Where(f => f.IsFixable)) };
    }

    private static ReportedFindings Hide(ReportedFindings found, Func<IReadOnlyList<Finding>, IReadOnlyList<Finding>> hide) =>
        found with { All = [.. found.All.Zip(hide([.. found.All.Select(f => f.Finding)]), (f, hidden) => f with { Finding = hidden })] };
}
