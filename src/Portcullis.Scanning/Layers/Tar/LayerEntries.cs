using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Layers.Tar;

/// <summary>
/// The entries of a layer's archive, one after the other. System.Formats.Tar is not used for it: it reads extended headers of any size into memory, and a
/// layer is written by whoever may push.
/// </summary>
internal sealed class LayerEntries(Stream archive, LayerLimits limits)
{
    private readonly ForwardInput _input = new(archive, limits.LayerBytes);
    private TarContent _content = TarContent.Empty;
    private long _count;

    /// <summary>Where the next byte of the archive is: after <see cref="NextAsync"/>, the beginning of the entry's content.</summary>
    public long Position => _input.Position;

    /// <summary>The next entry; null at the end. What was not read of the last one is passed over.</summary>
    /// <exception cref="UnreadableFileException">The archive is damaged or beyond a limit.</exception>
    public async ValueTask<TarItem?> NextAsync(CancellationToken cancellationToken)
    {
        await _content.SkipRestAsync(_input, cancellationToken);
        _content = TarContent.Empty;
        var extension = new TarExtension();
        for (var extended = false; ; extended = true)
        {
            var block = await _input.TakeAsync(TarHeader.Length, cancellationToken);
            if (block.IsEmpty && _count == 0)
            {
                // An empty layer is two blocks of zeros. What has none was cut, which GZipStream does not always say.
                throw new UnreadableFileException("it has no archive");
            }

            if (block.IsEmpty || new TarHeader(Whole(block)).IsZero)
            {
                if (extended)
                {
                    throw Cut();
                }

                await EndAsync(cancellationToken);
                return null;
            }

            if (++_count > limits.Entries)
            {
                throw new UnreadableFileException($"its archive has more than {limits.Entries} entries, and the rest was not read");
            }

            var header = TarItemHeader.Of(block.Span);
            if (header.Extends)
            {
                await ExtendAsync(header, extension, cancellationToken);
                continue;
            }

            return await BeginAsync(header, extension, cancellationToken);
        }
    }

    /// <summary>The next bytes of the entry's content, holes as zeros; empty at its end. They are valid until the next call.</summary>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken) => _content.ReadAsync(_input, cancellationToken);

    private static ReadOnlySpan<byte> Whole(ReadOnlyMemory<byte> block) => block.Length == TarHeader.Length ? block.Span : throw Cut();

    private static UnreadableFileException Cut() => new("its archive ends within an entry");

    private async ValueTask<TarItem> BeginAsync(TarItemHeader header, TarExtension extension, CancellationToken cancellationToken)
    {
        var stored = header.HasContent ? extension.Size ?? header.Size : 0;
        _content = new TarContent(stored);
        var size = stored;
        if (header.IsGnuSparse)
        {
            size = header.RealSize;
            _content.Expand(await SparseMap.OfHeadersAsync(header, _input, cancellationToken), size);
        }
        else if (extension is { MapInContent: true, RealSize: { } whole })
        {
            size = whole;
            _content.Expand(await SparseMap.OfContentAsync(_content, _input, limits.HeaderBytes, cancellationToken), size);
        }
        else if (extension is { Sparse: { } map, RealSize: { } real })
        {
            size = real;
            _content.Expand(map, size);
        }

        return new(header.Kind, extension.SparseName ?? extension.Name ?? header.Name, extension.Link ?? header.Link, size, header.Executable);
    }

    private async ValueTask ExtendAsync(TarItemHeader header, TarExtension extension, CancellationToken cancellationToken)
    {
        if (header.Size > limits.HeaderBytes)
        {
            throw new UnreadableFileException($"an extended header of its archive has more than {limits.HeaderBytes >> 10} KiB");
        }

        var content = new TarContent(header.Size);
        var bytes = new MemoryStream((int)header.Size);
        while (await content.ReadAsync(_input, cancellationToken) is { IsEmpty: false } part)
        {
            bytes.Write(part.Span);
        }

        await content.SkipRestAsync(_input, cancellationToken);
        header.Extend(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), extension);
    }

    // An archive ends with two blocks of zeros, or where its file does. What lies after is read, since the digest is of the whole blob.
    private async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        var second = await _input.TakeAsync(TarHeader.Length, cancellationToken);
        if (second.Length == TarHeader.Length && !new TarHeader(second.Span).IsZero)
        {
            throw new UnreadableFileException("its archive goes on after a block of zeros");
        }

        while (!(await _input.TakeSomeAsync(long.MaxValue, cancellationToken)).IsEmpty)
        {
        }
    }
}
