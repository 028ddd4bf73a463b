using Portcullis.Clients.Registry;
using Portcullis.Scanning.Images;

namespace Portcullis.Images;

/// <summary>An image in a registry.</summary>
internal sealed class RegistryImages(RegistryClient client, ImageReference image, HttpMessageHandler handler) : IImageStore
{
    private const int MaxConfig = 4 << 20;

    private readonly Dictionary<string, RegistryManifest> _read = new(StringComparer.Ordinal);

    public bool HasManifests => true;

    public async Task<IReadOnlyList<StoredBlob>> RootsAsync(CancellationToken cancellationToken)
    {
        var manifest = await ManifestAsync(image.Reference, cancellationToken);
        return [new(manifest.MediaType, manifest.Digest, manifest.Bytes.Length)];
    }

    public async Task<ReadOnlyMemory<byte>> ReadAsync(StoredBlob blob, CancellationToken cancellationToken)
    {
        if (RegistryMediaTypes.IsManifest(blob.MediaType) || _read.ContainsKey(blob.Digest))
        {
            return (_read.GetValueOrDefault(blob.Digest) ?? await ManifestAsync(blob.Digest, cancellationToken)).Bytes;
        }

        return await client.Blobs.ReadAsync(image.Repository, blob.Digest, MaxConfig, cancellationToken)
            ?? throw new ImageInputException($"{client.Endpoint} does not have the config {blob.Digest} of {image.Repository}");
    }

    public Task<Stream?> OpenAsync(StoredBlob blob, CancellationToken cancellationToken) =>
        client.Blobs.OpenAsync(image.Repository, blob.Digest, blob.Size, cancellationToken);

    public ValueTask DisposeAsync()
    {
        handler.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<RegistryManifest> ManifestAsync(string reference, CancellationToken cancellationToken)
    {
        var manifest = await client.Manifests.GetAsync(image.Repository, reference, cancellationToken)
            ?? throw new ImageInputException($"{client.Endpoint} has no {image.Repository} {reference}");
        // It refuses what different clients would read as different images.
        ManifestView.Read(manifest.MediaType, manifest.Bytes);
        return _read[manifest.Digest] = manifest;
    }
}
