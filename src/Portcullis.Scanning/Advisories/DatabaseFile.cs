using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Portcullis.Scanning.Advisories;

/// <summary>
/// Reads pieces of a database's file and verifies them. It is read, not mapped: a file that somebody cuts short is an error here, and would end the process there; and
/// whoever reads while it is closed gets an exception, not the memory of something else.
/// </summary>
internal sealed class DatabaseFile : IDisposable
{
    /// <summary>The longest record or package; lengths are verified before anything is allocated.</summary>
    private const int MaxPiece = 1 << 28;

    private readonly SafeFileHandle _handle;
    private readonly FilePages _pages;

    private DatabaseFile(string path, SafeFileHandle handle, DatabaseHeader header)
    {
        Path = path;
        _handle = handle;
        Header = header;
        _pages = new FilePages(header.FileLength);
    }

    public string Path { get; }

    public DatabaseHeader Header { get; }

    public static DatabaseFile Open(string path)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess);
        try
        {
            var bytes = new byte[DatabaseHeader.Size];
            var read = RandomAccess.Read(handle, bytes, 0);
            return new DatabaseFile(path, handle, DatabaseHeader.Read(bytes.AsSpan(0, read), RandomAccess.GetLength(handle)));
        }
        catch (AdvisoryDatabaseException e)
        {
            handle.Dispose();
            throw new AdvisoryDatabaseException($"cannot use {path}: {e.Message}");
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public void Dispose() => _handle.Dispose();

    public AdvisoryDatabaseException Damaged(string what) => new($"cannot use {Path}: {what} is damaged; import the advisories again into a new file");

    /// <summary>A part of which the header has the checksum.</summary>
    public byte[] ReadPart(long offset, long end, uint checksum, string what)
    {
        if (end - offset > int.MaxValue)
        {
            throw Damaged(what);
        }

        var bytes = new byte[end - offset];
        ReadAt(offset, bytes, what);
        return DatabaseHeader.Checksum(bytes) == checksum ? bytes : throw Damaged(what);
    }

    /// <summary>A record or package, verified, whose place and length something verified has named.</summary>
    public ReadOnlyMemory<byte> Piece(long offset, int length)
    {
        if (length is < DatabaseHeader.FrameSize or > MaxPiece || offset < 0 || offset > Header.FileLength - length)
        {
            throw Damaged($"the piece at {offset}");
        }

        var first = (int)(offset / FilePages.PageSize);
        var start = (int)(offset % FilePages.PageSize);
        if (start + length <= FilePages.PageSize)
        {
            return Verified(_pages.Get(first, this).AsMemory(start, length), offset);
        }

        var piece = new byte[length];
        ReadAt(offset, piece, $"the piece at {offset}");
        return Verified(piece, offset);
    }

    /// <summary>A page of the file, not yet verified.</summary>
    public byte[] ReadPage(int page)
    {
        var offset = (long)page * FilePages.PageSize;
        var bytes = new byte[Math.Min(FilePages.PageSize, Header.FileLength - offset)];
        ReadAt(offset, bytes, $"the page at {offset}");
        return bytes;
    }

    /// <summary>All records or packages of a part, one behind the other; each is good until the next is taken.</summary>
    public IEnumerable<(long Offset, ReadOnlyMemory<byte> Piece)> ReadAll(long begin, long end)
    {
        var buffer = new byte[1 << 18];
        var (start, filled) = (0, 0);
        for (var at = begin; at < end;)
        {
            var whole = filled - start < DatabaseHeader.FrameSize ? 0 : DatabaseHeader.FrameSize + (long)BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(start));
            if (whole > MaxPiece || at + whole > end)
            {
                throw Damaged($"the piece at {at}");
            }

            if (whole > 0 && filled - start >= whole)
            {
                yield return (at, Verified(buffer.AsMemory(start, (int)whole), at));
                (start, at) = (start + (int)whole, at + whole);
                continue;
            }

            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            (start, filled) = (0, filled - start);
            Array.Resize(ref buffer, (int)Math.Max(buffer.Length, whole));
            var wanted = (int)Math.Min(buffer.Length - filled, end - at - filled);
            ReadAt(at + filled, buffer.AsSpan(filled, wanted), $"the piece at {at}");
            filled += wanted;
            if (wanted == 0)
            {
                throw Damaged($"the piece at {at}");
            }
        }
    }

    private ReadOnlyMemory<byte> Verified(ReadOnlyMemory<byte> piece, long offset)
    {
        var content = piece[DatabaseHeader.FrameSize..];
        return BinaryPrimitives.ReadInt32LittleEndian(piece.Span) == content.Length && BinaryPrimitives.ReadUInt32LittleEndian(piece.Span[4..]) == DatabaseHeader.Checksum(content.Span)
            ? content
            : throw Damaged($"the piece at {offset}");
    }

    private void ReadAt(long offset, Span<byte> bytes, string what)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(_handle, bytes, offset);
            if (read == 0)
            {
                throw Damaged(what);
            }

            bytes = bytes[read..];
            offset += read;
        }
    }
}
