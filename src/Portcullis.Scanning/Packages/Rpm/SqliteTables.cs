using System.Buffers.Binary;
using System.Text;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Rpm;

/// <summary>
/// Reads the tables of a SQLite database that is in memory ("SQLite Database File Format"): no native code meets a file that anybody may have made, and
/// none of it is written to disk. Every page is read once at most, so that a file that leads in circles ends.
/// </summary>
internal sealed class SqliteTables
{
    private const int HeaderLength = 100;
    private const byte InteriorTable = 5;
    private const byte LeafTable = 13;
    private const int MaxDepth = 32;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly int _pageLength;
    private readonly int _usable;

    /// <exception cref="UnreadableFileException">It is no database.</exception>
    public SqliteTables(ReadOnlyMemory<byte> file)
    {
        _file = file;
        if (file.Length < HeaderLength || !file.Span.StartsWith("SQLite format 3\0"u8))
        {
            throw new UnreadableFileException("it is no SQLite database");
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(file.Span[16..]);
        _pageLength = length == 1 ? 65536 : length;
        _usable = _pageLength - file.Span[20];
        if (_pageLength < 512 || (_pageLength & (_pageLength - 1)) != 0 || _usable < 480)
        {
            throw new UnreadableFileException("it is no SQLite database");
        }
    }

    /// <summary>The page that a table begins with; null when there is no such table.</summary>
    public uint? Root(string table)
    {
        foreach (var row in Rows(1))
        {
            // type, name, tbl_name, rootpage, sql
            if (row is [var type, var name, _, var root, ..] && type.Span.SequenceEqual("table"u8) && Encoding.UTF8.GetString(name.Span) == table)
            {
                uint page = 0;
                foreach (var b in root.Span)
                {
                    page = (page << 8) | b;
                }

                return page;
            }
        }

        return null;
    }

    /// <summary>The rows of a table, each as the bytes of its columns.</summary>
    public IEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> Rows(uint root) => Rows(root, 0, []);

    private IEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> Rows(uint number, int depth, HashSet<uint> seen)
    {
        if (depth > MaxDepth || !seen.Add(number))
        {
            throw Damaged();
        }

        var page = Page(number);
        var header = number == 1 ? HeaderLength : 0;
        var type = page.Span[header];
        int cells = Number16(page, header + 3);
        var pointers = header + (type == InteriorTable ? 12 : 8);
        if (type is not (InteriorTable or LeafTable) || pointers + (2 * cells) > _usable)
        {
            throw Damaged();
        }

        for (var i = 0; i < cells; i++)
        {
            int cell = Number16(page, pointers + (2 * i));
            if (type == LeafTable)
            {
                yield return Record(Payload(page, cell, seen));
                continue;
            }

            foreach (var row in Rows(Number32(page, cell), depth + 1, seen))
            {
                yield return row;
            }
        }

        if (type == InteriorTable)
        {
            foreach (var row in Rows(Number32(page, header + 8), depth + 1, seen))
            {
                yield return row;
            }
        }
    }

    // "B-tree Pages", the cell of a table's leaf: the length, the row's number, the beginning, and the page where the rest is.
    private ReadOnlyMemory<byte> Payload(ReadOnlyMemory<byte> page, int cell, HashSet<uint> seen)
    {
        var length = Varint(page.Span, ref cell);
        _ = Varint(page.Span, ref cell);
        if (length < 0 || length > _file.Length)
        {
            throw Damaged();
        }

        var here = (int)LocalLength(length);
        if (cell + here > _usable)
        {
            throw Damaged();
        }

        if (here == length)
        {
            return page.Slice(cell, here);
        }

        var payload = new byte[length];
        page.Slice(cell, here).CopyTo(payload);
        var next = Number32(page, cell + here);
        for (var done = here; done < length;)
        {
            var overflow = seen.Add(next) ? Page(next) : throw Damaged();
            var part = overflow.Slice(4, (int)Math.Min(_usable - 4, length - done));
            part.CopyTo(payload.AsMemory(done));
            done += part.Length;
            next = Number32(overflow, 0);
        }

        return payload;
    }

    private long LocalLength(long length)
    {
        if (length <= _usable - 35)
        {
            return length;
        }

        var least = ((_usable - 12) * 32 / 255) - 23;
        var local = least + ((length - least) % (_usable - 4));
        return local <= _usable - 35 ? local : least;
    }

    // "Record Format": the length of the header, a type for each column, the columns.
    private static List<ReadOnlyMemory<byte>> Record(ReadOnlyMemory<byte> payload)
    {
        var columns = new List<ReadOnlyMemory<byte>>();
        var at = 0;
        var end = Varint(payload.Span, ref at);
        var value = end;
        while (at < end)
        {
            var length = LengthOf(Varint(payload.Span, ref at));
            if (length < 0 || value < 0 || value + length > payload.Length)
            {
                throw Damaged();
            }

            columns.Add(payload.Slice((int)value, (int)length));
            value += length;
        }

        return columns;
    }

    private static long LengthOf(long type) => type switch
    {
        0 or 8 or 9 => 0,
        >= 1 and <= 4 => type,
        5 => 6,
        6 or 7 => 8,
        >= 12 => (type - 12) / 2,
        _ => -1,
    };

    private static long Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        long value = 0;
        for (var i = 0; i < 9; i++)
        {
            if (at >= bytes.Length)
            {
                throw Damaged();
            }

            var b = bytes[at++];
            if (i == 8)
            {
                return (value << 8) | b;
            }

            value = (value << 7) | (uint)(b & 0x7f);
            if ((b & 0x80) == 0)
            {
                return value;
            }
        }

        return value;
    }

    private ReadOnlyMemory<byte> Page(uint number)
    {
        var start = ((long)number - 1) * _pageLength;
        return number > 0 && start + _pageLength <= _file.Length ? _file.Slice((int)start, _pageLength) : throw new UnreadableFileException("the database was cut, or is damaged");
    }

    private static int Number16(ReadOnlyMemory<byte> page, int at) => at + 2 <= page.Length ? BinaryPrimitives.ReadUInt16BigEndian(page.Span[at..]) : throw Damaged();

    private static uint Number32(ReadOnlyMemory<byte> page, int at) => at + 4 <= page.Length ? BinaryPrimitives.ReadUInt32BigEndian(page.Span[at..]) : throw Damaged();

    private static UnreadableFileException Damaged() => new("the database is damaged");
}
