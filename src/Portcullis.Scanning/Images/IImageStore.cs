namespace Portcullis.Scanning.Images;

/// <summary>Where an image is: a registry, a layout, an archive.</summary>
public interface IImageStore : IAsyncDisposable
{
    /// <summary>Whether its manifests are those of a registry, by whose digests the image is known; else it is known by its config's, the image ID.</summary>
    bool HasManifests { get; }

    /// <summary>The images and indexes to begin with: one in a registry, all those of a layout.</summary>
    Task<IReadOnlyList<StoredBlob>> RootsAsync(CancellationToken cancellationToken);

    /// <summary>A manifest, an index or a config, verified by its digest.</summary>
    /// <exception cref="ImageInputException">It is not there, or another.</exception>
    Task<ReadOnlyMemory<byte>> ReadAsync(StoredBlob blob, CancellationToken cancellationToken);

    /// <summary>A layer; null when the store does not have it. The stream fails at its end when the content is not that of the digest.</summary>
    Task<Stream?> OpenAsync(StoredBlob blob, CancellationToken cancellationToken);
}
