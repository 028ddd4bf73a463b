using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Layers.Tar;

/// <summary>What a header says, kept after the buffer it stood in has moved on.</summary>
internal sealed record TarItemHeader
{
    private const int GnuParts = 4;

    private char Type { get; init; }

    public required string Name { get; init; }

    public required string Link { get; init; }

    public required long Size { get; init; }

    public bool Executable { get; init; }

    /// <summary>The size of a sparse file in the old GNU format, holes included.</summary>
    public long RealSize { get; init; }

    /// <summary>The first parts of such a file.</summary>
    public IReadOnlyList<(long Offset, long Length)> Parts { get; init; } = [];

    /// <summary>Whether more of them follow in blocks of their own.</summary>
    public bool HasMoreParts { get; init; }

    /// <summary>Whether it says something of the next entry and is none itself.</summary>
    public bool Extends => Type is 'x' or 'X' or 'g' or 'L' or 'K' or 'N' or 'V';

    public bool IsGnuSparse => Type == 'S';

    public TarEntryKind Kind => Type switch
    {
        '0' or '\0' or '7' when Name.EndsWith('/') => TarEntryKind.Directory,
        '0' or '\0' or '7' or 'S' => TarEntryKind.File,
        '1' => TarEntryKind.HardLink,
        '2' => TarEntryKind.SymbolicLink,
        '5' or 'D' => TarEntryKind.Directory,
        _ => TarEntryKind.Other,
    };

    // Links, devices, directories and pipes have none, whatever their size says; programs that pack and the Engine that unpacks agree on it.
    public bool HasContent => Type is not ('1' or '2' or '3' or '4' or '5' or '6');

    /// <exception cref="UnreadableFileException">It is no header.</exception>
    public static TarItemHeader Of(ReadOnlySpan<byte> block)
    {
        var header = new TarHeader(block);
        var (size, sparse) = (header.Size, header.Type == 'S');
        if (!header.HasRightSum() || size < 0 || (sparse && header.RealSize < 0))
        {
            throw new UnreadableFileException("a header of its archive is damaged");
        }

        return new()
        {
            Type = header.Type,
            Name = header.Name,
            Link = header.Link,
            Size = size,
            Executable = header.Executable,
            RealSize = sparse ? header.RealSize : 0,
            Parts = sparse ? SparseMap.Parts(block[386..], GnuParts) : [],
            HasMoreParts = sparse && block[482] != 0,
        };
    }

    /// <summary>Adds what its content says to what is known of the next entry.</summary>
    public void Extend(ReadOnlySpan<byte> content, TarExtension extension)
    {
        switch (Type)
        {
            case 'x' or 'X':
                PaxRecords.Read(content, extension);
                break;
            case 'L':
                extension.Name = TarHeader.Text(content);
                break;
            case 'K':
                extension.Link = TarHeader.Text(content);
                break;
        }
    }
}
