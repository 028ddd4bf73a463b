using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Core.Reports;

/// <summary>All that a report on an image says, whatever its format. The same report is the same bytes.</summary>
public sealed record ImageReport
{
    /// <summary>The image as it was asked for: a reference or a path.</summary>
    public required string Image { get; init; }

    /// <summary>The digest of its manifest; that of its config, the image ID, where it has no manifest.</summary>
    public required string Digest { get; init; }

    /// <summary>OS/ARCHITECTURE[/VARIANT].</summary>
    public required string Platform { get; init; }

    public required ImageInventory Inventory { get; init; }

    /// <summary>The layers of the inventory, with what the image itself says of them.</summary>
    public required IReadOnlyList<ReportedLayer> Layers { get; init; }

    /// <summary>Null when there was no database of advisories: then nothing is known of vulnerabilities.</summary>
    public ReportedFindings? Findings { get; init; }

    /// <summary>The version of the program that read the image.</summary>
    public required string ScannerVersion { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A layer of an image.</summary>
/// <param name="Digest">That of its blob.</param>
/// <param name="Size">The bytes of its blob.</param>
/// <param name="CreatedBy">The instruction that made it; empty when the image does not say.</param>
public sealed record ReportedLayer(string Digest, long Size, string CreatedBy);

/// <summary>What a database of advisories says of an image.</summary>
/// <param name="All">The findings, in the order of the components, those that are hidden too.</param>
/// <param name="DatabaseDate">When the newest advisory was modified.</param>
/// <param name="NotCovered">Components that the database has no advisories for, so that nothing found says nothing: Deb packages of debian 13.</param>
public sealed record ReportedFindings(IReadOnlyList<LocatedFinding> All, DateTimeOffset DatabaseDate, IReadOnlyList<string> NotCovered)
{
    public static ReportedFindings Of(ImageInventory inventory, IAdvisoryIndex advisories) => new(
        ImageMatch.Of(inventory, advisories),
        advisories.Date,
        // No database has advisories for what is known by no package manager: the report shows it, and there is nothing that could be imported.
        [.. inventory.Components.Where(c => c.PartOf is null && c.Component.Format != PackageFormat.Other)
            .Select(c => (c.Component.Format, Of: ImageMerge.IsOfDistribution(c.Component.Format) ? c.Distribution ?? inventory.Distribution : null))
            .DistinctBy(k => (k.Format, k.Of?.Id, k.Of?.Version))
            .Where(k => !advisories.Covers(k.Format, k.Of))
            .Select(k => k.Of is null ? $"{k.Format} packages" : $"{k.Format} packages of {k.Of.Id} {k.Of.Version}".TrimEnd()).Order(StringComparer.Ordinal)]);
}
