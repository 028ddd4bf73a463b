using System.Collections.Concurrent;

namespace Portcullis.Clients.Registry.Copying;

/// <summary>Gives the target repository the source's blobs: mounted where the registry can, else read and written. Each blob once.</summary>
internal sealed class BlobCopy(RegistryClient registry, string source, string target, CopyTally tally)
{
    private const int AtOnce = 4;
    private readonly ConcurrentDictionary<string, bool> _done = new(StringComparer.Ordinal);

    /// <summary>All of them are in the target when this returns. Foreign layers are in no registry.</summary>
    public Task CopyAsync(IEnumerable<ImageDescriptor> blobs, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        blobs.Where(b => !b.IsForeign && _done.TryAdd(b.Digest, true)).ToList(),
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
        async (blob, cancellation) => await CopyAsync(blob, cancellation));

    private async Task CopyAsync(ImageDescriptor blob, CancellationToken cancellationToken)
    {
        if (await registry.Blobs.MountAsync(target, blob.Digest, source, cancellationToken) is not { } session)
        {
            tally.Mounted();
            return;
        }

        await registry.Uploads.UploadAsync(session, new BlobSource(blob.Digest, blob.Size, c => OpenAsync(blob, c)), cancellationToken);
        tally.Uploaded(blob.Size);
    }

    private async Task<Stream> OpenAsync(ImageDescriptor blob, CancellationToken cancellationToken) =>
        await registry.Blobs.OpenAsync(source, blob.Digest, blob.Size, cancellationToken)
        ?? throw new RegistryException(RegistryFailure.NotFound, $"{source} has no blob {blob.Digest}, which its manifest names");
}
