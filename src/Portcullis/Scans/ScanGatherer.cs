using Portcullis.Core.Components;
using Portcullis.Core.Scans;
using Portcullis.Kubernetes.Stores;
using Portcullis.Scanning.Store;

namespace Portcullis.Scans;

/// <summary>Reads what an image is judged by.</summary>
internal sealed class ScanGatherer(ImageReader reader, EvidenceWork evidence, ComponentStore store, IStore<ImageScan> scans, ImageMatcher matcher)
{
    public async Task<ImageScanObservation> ObserveAsync(ImageScan scan, CancellationToken cancellationToken)
    {
        var seen = new ImageScanObservation { ScannerVersion = ScannerVersion.Current };
        return await reader.ReadAsync(scan, cancellationToken) switch
        {
            ImageContent.Failed failed => seen with { Failure = failed.Why },
            ImageContent.Other other => seen with { NotAnImage = other.What },
            ImageContent.Index index => await OfIndexAsync(scan, seen, index.Images, cancellationToken),
            ImageContent.Image image => await evidence.EnsureAsync(scan, image, await matcher.MatchAsync(scan, seen with { Inventories = [image.Inventory] }, cancellationToken), cancellationToken),
            _ => seen,
        };
    }

    /// <summary>The images of an index are scanned by themselves. An index is as they are together.</summary>
    private async Task<ImageScanObservation> OfIndexAsync(ImageScan scan, ImageScanObservation seen, IReadOnlyList<string> images, CancellationToken cancellationToken)
    {
        var repository = ImageScanNames.RepositoryOf(scan);
        var (inventories, awaited) = (new List<ImageInventory>(), new List<string>());
        foreach (var digest in images)
        {
            var status = scans.Get(ImageScanNames.Key(repository, digest))?.Status;
            if (status?.State is ImageScanState.Failed or ImageScanState.NotAnImage)
            {
                return seen with { Images = images, Failure = $"the image {digest} of the index cannot be scanned: {status.Problems?[0]}" };
            }

            if (store.Image(digest) is { } inventory && status?.State is not null)
            {
                inventories.Add(inventory);
            }
            else
            {
                awaited.Add(digest);
            }
        }

        return await matcher.MatchAsync(scan, seen with { Images = images, Inventories = inventories, Awaited = awaited }, cancellationToken);
    }
}
