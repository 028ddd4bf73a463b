using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Layers.Tar;

/// <summary>The content of an entry: what the archive has of it, and the holes between when it is sparse.</summary>
internal sealed class TarContent(long stored)
{
    private static readonly byte[] Zeros = new byte[64 * 1024];

    private long _stored = stored;
    private long _padding = -stored & (TarHeader.Length - 1);
    private IReadOnlyList<(long Offset, long Length)>? _parts;
    private long _size;
    private long _position;
    private int _part;

    /// <summary>No content at all.</summary>
    public static TarContent Empty => new(0);

    /// <summary>Makes it a sparse file of that many bytes, of which the archive has these parts, in their order.</summary>
    /// <exception cref="UnreadableFileException">The parts overlap, exceed the file, or are not what the archive has.</exception>
    public void Expand(IReadOnlyList<(long Offset, long Length)> parts, long size)
    {
        long end = 0;
        long sum = 0;
        foreach (var (offset, length) in parts)
        {
            if (offset < end || length < 0 || length > size - offset)
            {
                throw new UnreadableFileException("the map of a sparse file of its archive is damaged");
            }

            (end, sum) = (offset + length, sum + length);
        }

        if (sum != _stored || size < end)
        {
            throw new UnreadableFileException("the map of a sparse file of its archive is damaged");
        }

        (_parts, _size) = (parts, size);
    }

    /// <summary>The next bytes, at least one but at the end.</summary>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(ForwardInput input, CancellationToken cancellationToken)
    {
        if (_parts is null)
        {
            return _stored == 0 ? new(ReadOnlyMemory<byte>.Empty) : ReadStoredAsync(input, _stored, cancellationToken);
        }

        while (_part < _parts.Count && _parts[_part] is var (offset, length) && _position >= offset + length)
        {
            _part++;
        }

        var (start, end) = _part < _parts.Count ? (_parts[_part].Offset, _parts[_part].Offset + _parts[_part].Length) : (_size, _size);
        return _position < start ? new(Hole(start - _position)) : _position == _size ? new(ReadOnlyMemory<byte>.Empty) : ReadStoredAsync(input, end - _position, cancellationToken);
    }

    /// <summary>As many bytes of what the archive has.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadExactlyAsync(ForwardInput input, int count, CancellationToken cancellationToken)
    {
        var bytes = count <= _stored ? await input.TakeAsync(count, cancellationToken) : default;
        _stored -= bytes.Length;
        return bytes.Length == count ? bytes : throw new UnreadableFileException("its archive ends within an entry");
    }

    /// <summary>Passes over what was not read, and what fills the last block.</summary>
    public async ValueTask SkipRestAsync(ForwardInput input, CancellationToken cancellationToken)
    {
        if (_stored + _padding > 0 && !await input.SkipAsync(_stored, cancellationToken))
        {
            throw new UnreadableFileException("its archive ends within an entry");
        }

        // Some programs leave the last block short.
        await input.SkipAsync(_padding, cancellationToken);
        (_stored, _padding) = (0, 0);
    }

    private ReadOnlyMemory<byte> Hole(long count)
    {
        var zeros = Zeros.AsMemory(0, (int)Math.Min(count, Zeros.Length));
        _position += zeros.Length;
        return zeros;
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadStoredAsync(ForwardInput input, long count, CancellationToken cancellationToken)
    {
        var bytes = await input.TakeSomeAsync(count, cancellationToken);
        if (bytes.IsEmpty)
        {
            throw new UnreadableFileException("its archive ends within an entry");
        }

        _stored -= bytes.Length;
        _position += bytes.Length;
        return bytes;
    }
}
