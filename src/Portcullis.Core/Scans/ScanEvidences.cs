using Portcullis.Core.Components;
using Portcullis.Core.Criteria;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Core.Scans;

/// <summary>What an ImageScan says, as criteria ask it.</summary>
public static class ScanEvidences
{
    /// <summary>Null when the image is not to be scanned.</summary>
    /// <param name="scan">Null when there is none.</param>
    /// <param name="components">Null when they are not known; then criteria that ask for them are not met.</param>
    public static ScanEvidence? Of(ImageScan? scan, IReadOnlyList<Component>? components)
    {
        if (scan is null)
        {
            return null;
        }

        var status = scan.Status ?? new ImageScanStatus();
        return new ScanEvidence
        {
            State = StateOf(status.State),
            Details = string.Join("; ", (status.State is ImageScanState.Completed ? null : status.Problems) ?? []),
            Critical = status.Critical ?? 0,
            Major = status.Major ?? 0,
            Minor = status.Minor ?? 0,
            Unknown = status.Unknown ?? 0,
            Fixable = status.Fixable ?? FindingSummary.None,
            Unscored = status.Unscored ?? 0,
            HighestScore = status.HighestScore,
            Components = components is null ? null : [.. components.Select(c => new ImageComponent(c.Name, ComponentLicenses.Of(c)))],
            DatabaseDate = status.DatabaseDate,
        };
    }

    private static ScanState StateOf(ImageScanState? state) => state switch
    {
        ImageScanState.Completed => ScanState.Completed,
        ImageScanState.Incomplete => ScanState.Incomplete,
        ImageScanState.Failed or ImageScanState.NotAnImage => ScanState.Failed,
        _ => ScanState.Pending,
    };
}
