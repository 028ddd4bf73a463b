namespace Portcullis.Scanning.Images;

/// <summary>Finds the images of a store: goes down its indexes, and takes those of the platform that is asked for.</summary>
public static class StoredImages
{
    // An index of an index of images is seen; deeper ones lead astray.
    private const int MaxDepth = 4;
    private const int MaxImages = 256;

    private static readonly string[] ConfigTypes = ["application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"];

    /// <summary>The images.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="tag">Which of those in a layout; null for all.</param>
    /// <param name="platform">Which of an index: null for all. An image that stands alone is taken whatever it is for, unless <paramref name="strict"/>.</param>
    /// <param name="strict">Whether an image that stands alone must be of the platform too.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ImageInputException">There is none, or something is no image.</exception>
    public static async Task<IReadOnlyList<ImageDescription>> FindAsync(
        IImageStore store, string? tag, ScanPlatform? platform, bool strict, CancellationToken cancellationToken)
    {
        var roots = (await store.RootsAsync(cancellationToken)).Where(r => tag is null || IsTagged(r, tag)).DistinctBy(r => r.Digest).ToList();
        if (roots.Count == 0)
        {
            throw new ImageInputException(tag is null ? "it has no image" : $"it has no image that is tagged {tag}");
        }

        var images = new List<ImageDescription>();
        foreach (var root in roots)
        {
            await AddAsync(store, root, 0, images, cancellationToken);
        }

        var all = images.DistinctBy(i => i.Digest).ToList();
        var chosen = platform is null || (all.Count == 1 && !strict) ? all : [.. all.Where(i => i.Platform.Matches(platform))];
        return chosen.Count > 0
            ? chosen
            : throw new ImageInputException($"it has no image for {platform}, but for {string.Join(", ", all.Select(i => i.Platform).Distinct())}: choose with --platform");
    }

    private static bool IsTagged(StoredBlob root, string tag) => root.Tag == tag || (root.Tag?.EndsWith(":" + tag, StringComparison.Ordinal) ?? false);

    private static async Task AddAsync(IImageStore store, StoredBlob blob, int depth, List<ImageDescription> images, CancellationToken cancellationToken)
    {
        if (blob.Platform is { IsReal: false })
        {
            return;
        }

        if (depth > MaxDepth || images.Count >= MaxImages)
        {
            throw new ImageInputException($"its indexes are more than {MaxDepth} deep, or have more than {MaxImages} images");
        }

        var document = OciDocuments.Read(await store.ReadAsync(blob, cancellationToken), OciJsonContext.Default.OciDocument, $"the manifest {blob.Digest}");
        foreach (var child in document.Manifests ?? [])
        {
            await AddAsync(store, OciDocuments.Blob(child), depth + 1, images, cancellationToken);
        }

        if (document.Manifests is null)
        {
            images.Add(await DescribeAsync(store, blob, document, cancellationToken));
        }
    }

    private static async Task<ImageDescription> DescribeAsync(IImageStore store, StoredBlob blob, OciDocument manifest, CancellationToken cancellationToken)
    {
        if (manifest is not { Config: { } configured, Layers: { } layers } || !ConfigTypes.Contains(configured.MediaType))
        {
            throw new ImageInputException($"{blob.Digest} is no image, but an artifact of type {manifest.ArtifactType ?? manifest.Config?.MediaType ?? "unknown"}");
        }

        var config = OciDocuments.Read(await store.ReadAsync(OciDocuments.Blob(configured), cancellationToken), OciJsonContext.Default.OciConfig, $"the config {configured.Digest}");
        var made = (config.History ?? []).Where(h => !h.EmptyLayer).Select(h => h.CreatedBy ?? "").ToList();
        return new(
            store.HasManifests ? blob.Digest : configured.Digest,
            new(config.Os ?? "", config.Architecture ?? "", string.IsNullOrEmpty(config.Variant) ? null : config.Variant),
            [.. layers.Select((l, i) => new DescribedLayer(OciDocuments.Blob(l), made.Count == layers.Count ? made[i] : ""))]);
    }
}
