using System.Security.Cryptography;
using Portcullis.Scanning.Files;
using Portcullis.Scanning.Layers.Tar;

namespace Portcullis.Scanning.Layers;

/// <summary>The content of an entry as a stream, which is hashed as it passes.</summary>
internal sealed class HashedContent : ForwardStream
{
    private readonly LayerEntries _entries;
    private readonly IncrementalHash _hash;
    private ReadOnlyMemory<byte> _part;

    /// <param name="entries">The entries of the layer.</param>
    /// <param name="first">What was read of the entry already.</param>
    /// <param name="hash">What hashes it.</param>
    public HashedContent(LayerEntries entries, ReadOnlyMemory<byte> first, IncrementalHash hash)
    {
        (_entries, _part, _hash) = (entries, first, hash);
        hash.AppendData(first.Span);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_part.IsEmpty)
        {
            await NextAsync(cancellationToken);
        }

        var count = Math.Min(buffer.Length, _part.Length);
        _part[..count].CopyTo(buffer);
        _part = _part[count..];
        return count;
    }

    /// <summary>Hashes what was not read.</summary>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        do
        {
            await NextAsync(cancellationToken);
        }
        while (!_part.IsEmpty);
    }

    private async ValueTask NextAsync(CancellationToken cancellationToken)
    {
        _part = await _entries.ReadAsync(cancellationToken);
        _hash.AppendData(_part.Span);
    }
}
