namespace Portcullis.Clients.Registry.Copying;

/// <summary>
/// Copies images and indexes between two repositories of one registry, byte for byte, moving no blob that the registry can mount. An image takes at
/// most its blobs and three requests; one that the target has already, when it is named by digest, takes one.
/// </summary>
/// <param name="registry">Of both repositories.</param>
/// <param name="tags">Writes the target's tags; null for the registry itself.</param>
public sealed class ImageCopy(RegistryClient registry, IManifestWriter? tags = null)
{
    /// <summary>
    /// Copies; null when the source is not there. Nothing at all is done when the target's tag has the digest already: not to its referrers
    /// either, which <see cref="CopyReferrersAsync"/> brings.
    /// </summary>
    /// <exception cref="RegistryException">It broke off, or the image cannot be copied whole. The target's tag is then as it was, or nobody knows.</exception>
    public async Task<CopyOutcome?> CopyAsync(CopyRequest request, CancellationToken cancellationToken)
    {
        if (ContentDigest.IsDigest(request.SourceReference) && await IsThereAsync(request, request.SourceReference, cancellationToken))
        {
            return new CopyOutcome { Digest = request.SourceReference, WasThere = true };
        }

        if (await registry.Manifests.GetAsync(request.SourceRepository, request.SourceReference, cancellationToken) is not { } image)
        {
            return null;
        }

        return !ContentDigest.IsDigest(request.SourceReference) && await IsThereAsync(request, image.Digest, cancellationToken)
            ? new CopyOutcome { Digest = image.Digest, WasThere = true }
            : await new CopyRun(registry, request, tags ?? registry.Manifests).CopyAsync(image, cancellationToken);
    }

    /// <summary>Copies what is attached to a manifest that the target has already; what is attached there too stays.</summary>
    /// <param name="sourceRepository">Where from.</param>
    /// <param name="targetRepository">Where to.</param>
    /// <param name="digest">The manifest that they are about.</param>
    /// <param name="isCarried">Which of them; null for all. What is attached to one that is copied goes along, whatever it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RegistryException">It broke off.</exception>
    public Task<CopyOutcome> CopyReferrersAsync(string sourceRepository, string targetRepository, string digest, Func<ImageDescriptor, bool>? isCarried, CancellationToken cancellationToken)
    {
        var request = new CopyRequest
        {
            SourceRepository = sourceRepository, SourceReference = digest, TargetRepository = targetRepository, TargetTag = "", WithReferrers = true,
        };
        return new CopyRun(registry, request, tags ?? registry.Manifests).CopyReferrersAsync(digest, isCarried, cancellationToken);
    }

    private async Task<bool> IsThereAsync(CopyRequest request, string digest, CancellationToken cancellationToken) =>
        !request.TargetDiffers
        && await registry.Manifests.HeadAsync(request.TargetRepository, request.TargetTag, cancellationToken) is { } head
        && head.Digest == digest;
}
