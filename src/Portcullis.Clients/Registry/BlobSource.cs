namespace Portcullis.Clients.Registry;

/// <summary>A blob to be written.</summary>
/// <param name="Digest">Of the whole.</param>
/// <param name="Size">In bytes, exactly.</param>
/// <param name="OpenAsync">Gives its bytes from the first; called again when an upload has to begin anew.</param>
public sealed record BlobSource(string Digest, long Size, Func<CancellationToken, Task<Stream>> OpenAsync)
{
    /// <summary>A blob in memory.</summary>
    public static BlobSource Of(ReadOnlyMemory<byte> bytes) =>
        new(ContentDigest.Of(bytes.Span), bytes.Length, _ => Task.FromResult<Stream>(new MemoryStream(bytes.ToArray(), writable: false)));
}
