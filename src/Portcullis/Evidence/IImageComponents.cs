using Portcullis.Core.Components;
using Portcullis.Core.Scans;

namespace Portcullis.Evidence;

/// <summary>The components of images, as they were found by a scan.</summary>
internal interface IImageComponents
{
    /// <summary>Null when they cannot be read at the moment.</summary>
    ValueTask<IReadOnlyList<Component>?> OfAsync(ImageScan scan, CancellationToken cancellationToken);
}
