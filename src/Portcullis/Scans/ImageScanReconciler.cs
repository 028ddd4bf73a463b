using Portcullis.Core.Scans;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Scans;

/// <summary>Scans an image once, and judges it again whenever the vulnerability database or what hides vulnerabilities changes.</summary>
internal sealed class ImageScanReconciler(ScanGatherer gatherer, ResultReports reports, ScanNotices notices, ScanMetrics metrics, TimeProvider time) : IReconciler<ImageScan, ImageScanStatus>
{
    public async Task<Reconciled<ImageScanStatus>> ReconcileAsync(ImageScan resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        var seen = await gatherer.ObserveAsync(resource, cancellationToken);
        var judged = await reports.AttachAsync(resource, seen, ImageScanJudge.Judge(resource, seen, time.GetUtcNow()), cancellationToken);
        await notices.RecordAsync(resource, judged.Status, time.GetUtcNow(), cancellationToken);
        if (judged.Status.State is { } state && state != resource.Status?.State)
        {
            metrics.Judged(state);
        }

        return judged;
    }
}
