using Portcullis.Clients.Registry;

namespace Portcullis.Testing.Registries;

/// <summary>An image or index that an <see cref="ImageBuilder"/> made, with all that it needs.</summary>
/// <param name="Manifest">Its own manifest or index.</param>
/// <param name="Blobs">Layers in order, then the config; empty for an index.</param>
/// <param name="Children">The images of an index.</param>
public sealed record BuiltImage(RegistryManifest Manifest, IReadOnlyList<byte[]> Blobs, IReadOnlyList<BuiltImage> Children)
{
    public string Digest => Manifest.Digest;

    /// <summary>Uploads what a repository needs, and the manifest under the reference; null to use its digest.</summary>
    public async Task PushAsync(RegistryClient client, string repository, string? reference = null)
    {
        foreach (var child in Children)
        {
            await child.PushAsync(client, repository);
        }

        foreach (var blob in Blobs.DistinctBy(b => ContentDigest.Of(b)))
        {
            await client.Uploads.UploadAsync(repository, BlobSource.Of(blob), CancellationToken.None);
        }

        await client.Manifests.PutAsync(repository, reference ?? Digest, Manifest, CancellationToken.None);
    }
}
