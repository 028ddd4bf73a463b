namespace Portcullis.Scanning.Images;

/// <summary>An OCI layout ("OCI Image Layout Specification"), in a folder or an archive.</summary>
internal sealed class LayoutStore(IImageFiles files, string name) : IImageStore
{
    // What registries take of a manifest; a config is not larger either.
    private const int MaxDocument = 4 << 20;

    public bool HasManifests => true;

    public async Task<IReadOnlyList<StoredBlob>> RootsAsync(CancellationToken cancellationToken)
    {
        var index = await StoredDocument.ReadAsync(files, "index.json", MaxDocument, cancellationToken) ?? throw new ImageInputException($"{name} has no index.json");
        return [.. (OciDocuments.Read(index, OciJsonContext.Default.OciDocument, $"index.json of {name}").Manifests ?? []).Select(OciDocuments.Blob)];
    }

    public async Task<ReadOnlyMemory<byte>> ReadAsync(StoredBlob blob, CancellationToken cancellationToken)
    {
        var bytes = await StoredDocument.ReadAsync(files, PathOf(blob), MaxDocument, cancellationToken) ?? throw new ImageInputException($"{name} does not have the blob {blob.Digest}");
        return BlobDigest.Matches(blob.Digest, bytes.Span)
            ? bytes
            : throw new ImageInputException($"the content of the blob {blob.Digest} in {name} is another than its digest says");
    }

    public Task<Stream?> OpenAsync(StoredBlob blob, CancellationToken cancellationToken) =>
        Task.FromResult<Stream?>(files.Open(PathOf(blob)) is { } stream ? new VerifiedStream(stream, blob.Digest) : null);

    public ValueTask DisposeAsync()
    {
        files.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string PathOf(StoredBlob blob) => $"blobs/{BlobDigest.Check(blob.Digest).Replace(':', '/')}";
}
