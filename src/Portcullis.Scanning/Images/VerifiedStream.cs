using System.Security.Cryptography;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Images;

/// <summary>A blob that is read, and that fails at its end when its content is not that of its digest.</summary>
internal sealed class VerifiedStream(Stream blob, string digest) : ForwardStream
{
    private readonly IncrementalHash _hash = BlobDigest.Hash(digest);
    private bool _verified;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await blob.ReadAsync(buffer, cancellationToken);
        _hash.AppendData(buffer.Span[..count]);
        if (count == 0 && buffer.Length > 0 && !_verified)
        {
            _verified = BlobDigest.Matches(digest, _hash) ? true : throw new ImageInputException($"the content of the blob {digest} is another than its digest says");
        }

        return count;
    }

    public override async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await blob.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            blob.Dispose();
        }

        base.Dispose(disposing);
    }
}
