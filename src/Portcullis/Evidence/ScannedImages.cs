using Portcullis.Core.Components;
using Portcullis.Core.Criteria;
using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Evidence;

/// <summary>What is known of images by their ImageScans, which the operator alone writes.</summary>
internal sealed class ScannedImages(IStore<ImageScan> scans, IImageComponents components)
{
    /// <summary>Null when it was not scanned.</summary>
    public async ValueTask<ScanEvidence?> OfAsync(RepositoryId repository, string digest, EvidenceNeeds needs, CancellationToken cancellationToken)
    {
        var scan = scans.Get(ImageScanNames.Key(repository, digest));
        var found = scan is not null && needs.HasFlag(EvidenceNeeds.Components) ? await AllAsync(scan, cancellationToken) : null;
        return ScanEvidences.Of(scan, found);
    }

    /// <summary>Those of an index are those of all of its images.</summary>
    private async ValueTask<IReadOnlyList<Component>?> AllAsync(ImageScan scan, CancellationToken cancellationToken)
    {
        if (scan.Status?.Images is not { } images)
        {
            return await components.OfAsync(scan, cancellationToken);
        }

        var all = new HashSet<Component>();
        foreach (var digest in images)
        {
            if (scans.Get(ImageScanNames.Key(ImageScanNames.RepositoryOf(scan), digest)) is not { } image || await AllAsync(image, cancellationToken) is not { } found)
            {
                return null;
            }

            all.UnionWith(found);
        }

        return [.. all];
    }
}
