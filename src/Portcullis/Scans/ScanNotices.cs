using System.Globalization;
using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Core.Webhooks;
using Portcullis.Repositories.Ledger;
using Portcullis.Repositories.Writes;

namespace Portcullis.Scans;

/// <summary>Notifies webhooks of scans that are complete or failed, once for each result and each tag of the image.</summary>
internal sealed class ScanNotices(INotices notices, TagLedgers ledgers, DeclaredRepositories declared)
{
    public async Task RecordAsync(ImageScan scan, ImageScanStatus status, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (EventOf(scan.Status, status) is not { } one || ImageScanNames.RepositoryOf(scan) is var repository && !notices.AreWanted(repository, one))
        {
            return;
        }

        var result = string.Create(
            CultureInfo.InvariantCulture, $"{status.State}:{status.Critical}.{status.Major}.{status.Minor}.{status.Unknown}:{status.DatabaseDate?.UtcTicks}:{scan.Metadata.ResourceVersion}");
        foreach (var entry in ledgers.Of(repository).Where(e => e.Digest == scan.Spec.Digest))
        {
            var notice = new RepositoryNotice.OfScan(one, now, declared.HostOf(repository.Registry), repository.Name, entry.Tag, scan.Spec.Digest)
            {
                Found = new FindingSummary { Critical = status.Critical ?? 0, Major = status.Major ?? 0, Minor = status.Minor ?? 0, Unknown = status.Unknown ?? 0 },
                Error = one == WebhookEvent.ScanFailed ? status.Problems?[0] ?? "" : null,
            };
            await notices.RecordAsync(repository, notice, $"{entry.Tag}:{scan.Spec.Digest}:{result}", cancellationToken);
        }
    }

    /// <summary>Null when there is nothing new to say.</summary>
    private static WebhookEvent? EventOf(ImageScanStatus? before, ImageScanStatus now) => now.State switch
    {
        ImageScanState.Completed when !ImageScanJudge.SaysTheSame(now, before) => WebhookEvent.ScanCompleted,
        ImageScanState.Failed or ImageScanState.Incomplete when now.State != before?.State => WebhookEvent.ScanFailed,
        _ => null,
    };
}
