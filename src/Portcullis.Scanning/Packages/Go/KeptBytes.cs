namespace Portcullis.Scanning.Packages.Go;

/// <summary>
/// What of a binary is kept while it passes by, up to a bound: what <see cref="ElfSegments"/> says may be data of the running program. The pieces are used
/// again for the next binary.
/// </summary>
internal sealed class KeptBytes(int limit)
{
    private const int PieceLength = 1 << 20;

    private readonly List<byte[]> _pieces = [];
    private readonly List<(long Offset, long Length, long At)> _ranges = [];
    private IReadOnlyList<(long Offset, long Length)> _wanted = [];
    private long _length;

    /// <summary>Whether all that was wanted was kept.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Begins with another file, of which these parts are kept, in their order.</summary>
    public void Begin(IReadOnlyList<(long Offset, long Length)> wanted)
    {
        _ranges.Clear();
        (_wanted, _length, IsWhole) = (wanted, 0, true);
    }

    /// <summary>The next bytes of the file.</summary>
    public void Add(long position, ReadOnlySpan<byte> bytes)
    {
        foreach (var (offset, length) in _wanted)
        {
            var start = Math.Max(offset, position);
            var end = Math.Min(offset + length, position + bytes.Length);
            if (start < end)
            {
                Keep(start, bytes[(int)(start - position)..(int)(end - position)]);
            }
        }
    }

    /// <summary>Bytes of the file; null when they were not kept.</summary>
    public byte[]? Read(ulong offset, int count)
    {
        foreach (var (start, length, at) in _ranges)
        {
            if (count >= 0 && offset >= (ulong)start && offset - (ulong)start <= (ulong)length && (ulong)count <= (ulong)length - (offset - (ulong)start))
            {
                return Copy(at + (long)offset - start, count);
            }
        }

        return null;
    }

    private void Keep(long start, ReadOnlySpan<byte> bytes)
    {
        IsWhole &= _length + bytes.Length <= limit;
        if (!IsWhole)
        {
            return;
        }

        if (_ranges is [.., var last] && last.Offset + last.Length == start)
        {
            _ranges[^1] = last with { Length = last.Length + bytes.Length };
        }
        else
        {
            _ranges.Add((start, bytes.Length, _length));
        }

        while (!bytes.IsEmpty)
        {
            var (piece, offset) = ((int)(_length / PieceLength), (int)(_length % PieceLength));
            if (piece == _pieces.Count)
            {
                _pieces.Add(new byte[PieceLength]);
            }

            var count = Math.Min(bytes.Length, PieceLength - offset);
            bytes[..count].CopyTo(_pieces[piece].AsSpan(offset));
            bytes = bytes[count..];
            _length += count;
        }
    }

    private byte[] Copy(long at, int count)
    {
        var bytes = new byte[count];
        for (var done = 0; done < count;)
        {
            var part = _pieces[(int)((at + done) / PieceLength)].AsSpan((int)((at + done) % PieceLength));
            part = part[..Math.Min(part.Length, count - done)];
            part.CopyTo(bytes.AsSpan(done));
            done += part.Length;
        }

        return bytes;
    }
}
