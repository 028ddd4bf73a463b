using System.ComponentModel;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Core.Scans;

/// <summary>What was found in the image. Vulnerabilities are counted once each, whichever components have them, and without those that are hidden.</summary>
public sealed record ImageScanStatus : ResourceStatus
{
    [Description("Whether the image is scanned, waits, failed, is incomplete, or is no image.")]
    public ImageScanState? State { get; init; }

    [Description("Vulnerabilities with a CVSS score of 7.0 or more.")]
    public int? Critical { get; init; }

    [Description("Those from 4.0 to below 7.0.")]
    public int? Major { get; init; }

    [Description("Those below 4.0.")]
    public int? Minor { get; init; }

    [Description("Those that nobody has rated.")]
    public int? Unknown { get; init; }

    [Description("Those of which a component can be replaced by a version without it.")]
    public FindingSummary? Fixable { get; init; }

    [Description("The highest CVSS score of any; none when none has one.")]
    public decimal? HighestScore { get; init; }

    [Description("Number of vulnerabilities without a CVSS score.")]
    public int? Unscored { get; init; }

    [Description("Number of vulnerabilities that an override or a VEX document hides.")]
    public int? Hidden { get; init; }

    [Description("Number of components.")]
    public int? Components { get; init; }

    [Description("The licenses of the components by their SPDX identifiers; at most 50.")]
    [Items(ImageScanBounds.Licenses)]
    public IReadOnlyList<string>? Licenses { get; init; }

    [Description("The gravest vulnerabilities; at most 20.")]
    [Items(ImageScanBounds.Findings)]
    public IReadOnlyList<ReportedFinding>? Findings { get; init; }

    [Description("What could not be read, with its file; at most 20.")]
    [Items(ImageScanBounds.Problems)]
    public IReadOnlyList<string>? Problems { get; init; }

    [Description("The distribution of the image, such as debian 12.")]
    public string? Distribution { get; init; }

    [Description("The images of an index, by their digests.")]
    public IReadOnlyList<string>? Images { get; init; }

    [Description("The date of the vulnerability database by which this result was found. A newer one that changes nothing does not change it.")]
    public DateTimeOffset? DatabaseDate { get; init; }

    [Description("When the image was read.")]
    public DateTimeOffset? ScannedAt { get; init; }

    [Description("The version of the scanner that read it.")]
    public string? ScannerVersion { get; init; }

    [Description("The digest of the signed list of components that is attached to the image.")]
    public string? Evidence { get; init; }

    [Description("The digest of the signed result that is attached to the image.")]
    public string? Report { get; init; }

    [Description("True while that is not yet the present result.")]
    public bool? ReportOutdated { get; init; }

    [Description("The reports and VEX documents of others that count, each with its author; at most 20.")]
    [Items(ImageScanBounds.Reports)]
    public IReadOnlyList<string>? Attested { get; init; }

    [Description("Reports and VEX documents that are attached to the image and do not count, with the reason; at most 20.")]
    [Items(ImageScanBounds.Reports)]
    public IReadOnlyList<string>? Ignored { get; init; }
}

/// <summary>A vulnerability of the image, as the status shows it.</summary>
public sealed record ReportedFinding
{
    [Description("The vulnerability, such as a CVE.")]
    public required string Id { get; init; }

    [Description("Its severity.")]
    public required Severity Severity { get; init; }

    [Description("Its CVSS score, from 0 to 10.")]
    public decimal? Score { get; init; }

    [Description("The component, as NAME VERSION.")]
    public required string Component { get; init; }

    [Description("The version that is free of it.")]
    public string? FixedIn { get; init; }
}
