namespace Portcullis.Scanning.Files;

/// <summary>The bytes of an archive, through one buffer that does not grow.</summary>
/// <param name="stream">The archive.</param>
/// <param name="limit">The bytes that are read of it; it is refused when it has more.</param>
/// <param name="bufferBytes">The bytes of the buffer, at least 64 KiB.</param>
internal sealed class ForwardInput(Stream stream, long limit, int bufferBytes = 256 * 1024)
{
    // By which a binary is known: its headers and first notes.
    private const int AtLeast = 4096;

    private readonly byte[] _buffer = new byte[bufferBytes];
    private int _start;
    private int _end;
    private long _read;

    /// <summary>Where the next byte is in the archive.</summary>
    public long Position => _read - (_end - _start);

    /// <summary>The bytes that were read of the archive, whether or not they were passed.</summary>
    public long BytesRead => _read;

    /// <summary>The next bytes of the archive, which it then has passed; they are valid until the next call. Fewer than asked at the end alone.</summary>
    /// <param name="count">At most 64 KiB.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask<ReadOnlyMemory<byte>> TakeAsync(int count, CancellationToken cancellationToken)
    {
        if (_end - _start < count)
        {
            await FillAsync(count, cancellationToken);
        }

        return Pass(count);
    }

    /// <summary>What is there of the next bytes: at least 4 KiB of them, if as many are wanted, but at the end of the archive.</summary>
    /// <param name="count">As many as are wanted.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask<ReadOnlyMemory<byte>> TakeSomeAsync(long count, CancellationToken cancellationToken)
    {
        if (_end - _start < Math.Min(count, AtLeast))
        {
            await FillAsync((int)Math.Min(count, AtLeast), cancellationToken);
        }

        return Pass(count);
    }

    /// <summary>What is there of the next bytes, without passing them: at least as many as asked for but at the end of the archive. They are valid until the next call.</summary>
    /// <param name="count">At most 64 KiB.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int count, CancellationToken cancellationToken)
    {
        if (_end - _start < count)
        {
            await FillAsync(count, cancellationToken);
        }

        return _buffer.AsMemory(_start, _end - _start);
    }

    /// <summary>Passes over bytes; whether the archive had as many.</summary>
    public async ValueTask<bool> SkipAsync(long count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            var passed = (await TakeSomeAsync(count, cancellationToken)).Length;
            if (passed == 0)
            {
                return false;
            }

            count -= passed;
        }

        return true;
    }

    private ReadOnlyMemory<byte> Pass(long count)
    {
        var bytes = _buffer.AsMemory(_start, (int)Math.Min(count, _end - _start));
        _start += bytes.Length;
        return bytes;
    }

    private async ValueTask FillAsync(int count, CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        while (_end < count)
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                return;
            }

            _end += read;
            _read += read;
            if (_read > limit)
            {
                throw new UnreadableFileException($"it is larger than {limit >> 20} MiB once decompressed, and the rest was not read");
            }
        }
    }
}
