using Portcullis.Core.Repositories;

namespace Portcullis.Core.Scans;

/// <summary>Sums up the scans of a repository.</summary>
public static class ScanSummary
{
    /// <summary>Null without any.</summary>
    public static RepositoryScans? Of(IReadOnlyCollection<ImageScan> scans)
    {
        if (scans.Count == 0)
        {
            return null;
        }

        int Count(ImageScanState state) => scans.Count(s => s.Status?.State == state);
        return new RepositoryScans
        {
            Completed = Count(ImageScanState.Completed),
            Pending = scans.Count(s => s.Status?.State is null or ImageScanState.Pending),
            Incomplete = Count(ImageScanState.Incomplete),
            Failed = Count(ImageScanState.Failed),
            MostCritical = scans.Max(s => s.Status?.Critical + s.Status?.Unknown),
            MostMajor = scans.Max(s => s.Status?.Major),
        };
    }
}
