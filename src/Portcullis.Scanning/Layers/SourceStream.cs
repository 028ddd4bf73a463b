using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Layers;

/// <summary>
/// The blob under its decompression. It remembers whether the blob itself failed, for that is the caller's failure (a connection, a wrong digest) and must
/// not be taken for a layer that is damaged.
/// </summary>
internal sealed class SourceStream(Stream blob) : ForwardStream
{
    private byte[] _peeked = [];
    private int _position;

    public bool Failed { get; private set; }

    /// <summary>The first bytes of the blob, at most <paramref name="count"/>; they are read again afterwards.</summary>
    public async Task<byte[]> PeekAsync(int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        var position = 0;
        while (position < count && await ReadBlobAsync(bytes.AsMemory(position), cancellationToken) is > 0 and var read)
        {
            position += read;
        }

        return _peeked = bytes[..position];
    }

    /// <summary>Reads what follows the compressed data, for the digest.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        while (await ReadAsync(buffer, cancellationToken) > 0)
        {
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position == _peeked.Length)
        {
            return await ReadBlobAsync(buffer, cancellationToken);
        }

        var count = Math.Min(buffer.Length, _peeked.Length - _position);
        _peeked.AsMemory(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    private async ValueTask<int> ReadBlobAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var done = false;
        try
        {
            var count = await blob.ReadAsync(buffer, cancellationToken);
            done = true;
            return count;
        }
        finally
        {
            Failed |= !done;
        }
    }
}
