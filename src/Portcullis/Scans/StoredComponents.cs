using Portcullis.Core.Components;
using Portcullis.Core.Scans;
using Portcullis.Evidence;
using Portcullis.Registries;
using Portcullis.Scanning.Store;

namespace Portcullis.Scans;

/// <summary>The components of images from the operator's own store, else as they are attached.</summary>
internal sealed class StoredComponents(ComponentStore store, RegistryConnections connections) : IImageComponents
{
    private readonly AttachedComponents _attached = new(connections);

    public ValueTask<IReadOnlyList<Component>?> OfAsync(ImageScan scan, CancellationToken cancellationToken) =>
        store.Image(scan.Spec.Digest) is { } image
            ? new ValueTask<IReadOnlyList<Component>?>([.. image.Components.Select(c => c.Component).Distinct()])
            : _attached.OfAsync(scan, cancellationToken);
}
