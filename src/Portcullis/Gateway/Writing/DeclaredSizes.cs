using System.Globalization;
using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Registry;
using Portcullis.Core.Registries.Requests;

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
            async (child, cancel) => Compare(child, (await client.Manifests.HeadAsync(repository, child.Digest, cancel))?.Size));
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
