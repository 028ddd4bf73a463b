using System.Globalization;
using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Registry;
using Portcullis.Core.Registries.Requests;
using Portcullis.Gateway.Forwarding;

namespace Portcullis.Gateway.Writing;

/// <summary>
/// Compares the sizes in a manifest with what the registry has. docker-registry does not, and an image that lies about them fails at everybody who pulls it. What is
/// not there is for the registry to refuse.
/// </summary>
internal static class DeclaredSizes
{
    private const int AtOnce = 8;

    /// <exception cref="GatewayRefusal">One of them is wrong.</exception>
    public static async Task CheckAsync(RegistryClient client, string repository, ManifestView view, CancellationToken cancellationToken)
    {
        var bounds = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            view.Blobs.Where(b => !b.IsForeign), bounds, async (blob, cancel) => Compare(blob, await client.Blobs.SizeAsync(repository, blob.Digest, cancel)));
        await Parallel.ForEachAsync(
            view.Manifests.DistinctBy(m => m.Digest, StringComparer.Ordinal),
            bounds,
            async (child, cancel) => Compare(child, await SizeOfChildAsync(client, repository, child, cancel)));
    }

    /// <summary>An index of a build's cache lists layers where others list manifests, and says so.</summary>
    private static async Task<long?> SizeOfChildAsync(RegistryClient client, string repository, ImageDescriptor child, CancellationToken cancellationToken)
    {
        if (!RegistryMediaTypes.IsManifest(child.MediaType) && await client.Blobs.SizeAsync(repository, child.Digest, cancellationToken) is { } size)
        {
            return size;
        }

        try
        {
            return (await client.Manifests.HeadAsync(repository, child.Digest, cancellationToken))?.Size;
        }
        catch (RegistryException e)
        {
            if (await BlobsAsManifests.IsOneAsync(client, repository, child.Digest, cancellationToken))
            {
                throw new GatewayRefusal(RegistryError.ManifestInvalid($"the index lists {child.Digest} as a manifest, and it is a blob"), e);
            }

            throw;
        }
    }

    private static void Compare(ImageDescriptor descriptor, long? actual)
    {
        if (actual is { } size && size != descriptor.Size)
        {
            throw new GatewayRefusal(new RegistryError(
                StatusCodes.Status400BadRequest,
                "SIZE_INVALID",
                string.Create(CultureInfo.InvariantCulture, $"the manifest says that {descriptor.Digest} has {descriptor.Size} bytes, and it has {size}")));
        }
    }
}
