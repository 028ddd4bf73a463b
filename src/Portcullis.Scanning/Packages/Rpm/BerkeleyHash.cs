using System.Buffers.Binary;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Rpm;

/// <summary>
/// Reads the values of a hash database of Berkeley DB that is in memory (db-5.3, dbinc/db_page.h), of either byte order. The pages are gone through in their order, not
/// by their buckets, and a page of a long value is read once at most, so that a file that leads in circles ends.
/// </summary>
internal sealed class BerkeleyHash
{
    private const uint HashMagic = 0x061561;
    private const byte HashMetadata = 8;
    private const byte UnsortedHashPage = 2;
    private const byte OverflowPage = 7;
    private const byte HashPage = 13;
    private const byte Here = 1;
    private const byte OnOtherPages = 3;
    private const byte Checksums = 1;

    // DBMETA, and PAGE with what a page without checksums has before its data.
    private const int MetadataLength = 72;
    private const int HeaderLength = 26;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly bool _bigEndian;
    private readonly int _pageLength;
    private readonly uint _lastPage;
    private readonly HashSet<uint> _seen = [];

    /// <exception cref="UnreadableFileException">It is no such database, or was cut.</exception>
    public BerkeleyHash(ReadOnlyMemory<byte> file)
    {
        _file = file;
        var first = file.Span;
        if (first.Length < MetadataLength)
        {
            throw new UnreadableFileException("it is no database of Berkeley DB");
        }

        _bigEndian = BinaryPrimitives.ReadUInt32BigEndian(first[12..]) == HashMagic;
        if ((!_bigEndian && Number(first[12..]) != HashMagic) || first[25] != HashMetadata)
        {
            throw new UnreadableFileException("it is no hash database of Berkeley DB");
        }

        var length = Number(first[20..]);
        if (first[24] != 0 || (first[26] & Checksums) != 0 || length is < 512 or > 65536 || (length & (length - 1)) != 0)
        {
            throw new UnreadableFileException("it is a database of Berkeley DB with encryption, checksums or a length of pages that RPM does not write");
        }

        (_pageLength, _lastPage) = ((int)length, Number(first[32..]));
        if ((_lastPage + 1L) * _pageLength > file.Length)
        {
            throw new UnreadableFileException("the database was cut");
        }
    }

    /// <summary>Each key with its value.</summary>
    public IEnumerable<(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value)> Pairs()
    {
        for (var number = 1U; number <= _lastPage; number++)
        {
            var page = Page(number);
            if (page.Span[25] is not (HashPage or UnsortedHashPage))
            {
                continue;
            }

            var entries = Entries(page);
            for (var i = 0; i + 1 < entries.Count; i += 2)
            {
                yield return (Item(entries[i]), Item(entries[i + 1]));
            }
        }
    }

    // The items of a page lie from its end to its beginning, in the order of their offsets at its beginning: each ends where the one before begins.
    private List<ReadOnlyMemory<byte>> Entries(ReadOnlyMemory<byte> page)
    {
        int count = Short(page.Span[20..]);
        if (count % 2 != 0 || HeaderLength + (2 * count) > _pageLength)
        {
            throw Damaged();
        }

        var entries = new List<ReadOnlyMemory<byte>>(count);
        var end = _pageLength;
        for (var i = 0; i < count; i++)
        {
            int start = Short(page.Span[(HeaderLength + (2 * i))..]);
            if (start >= end || start < HeaderLength + (2 * count))
            {
                throw Damaged();
            }

            entries.Add(page[start..end]);
            end = start;
        }

        return entries;
    }

    private ReadOnlyMemory<byte> Item(ReadOnlyMemory<byte> item) => item.Span[0] switch
    {
        Here => item[1..],
        // HOFFPAGE: the type, three bytes of nothing, the first page, the length.
        OnOtherPages when item.Length >= 12 => Overflow(Number(item.Span[4..]), Number(item.Span[8..])),
        _ => throw Damaged(),
    };

    private byte[] Overflow(uint number, uint length)
    {
        if (length > _file.Length)
        {
            throw Damaged();
        }

        var value = new byte[length];
        for (var done = 0; done < value.Length;)
        {
            var page = number > 0 && number <= _lastPage && _seen.Add(number) ? Page(number) : throw Damaged();
            int here = Short(page.Span[22..]);
            if (page.Span[25] != OverflowPage || here == 0 || here > _pageLength - HeaderLength || here > value.Length - done)
            {
                throw Damaged();
            }

            page.Slice(HeaderLength, here).CopyTo(value.AsMemory(done));
            done += here;
            number = Number(page.Span[16..]);
        }

        return value;
    }

    private ReadOnlyMemory<byte> Page(uint number) => _file.Slice((int)(number * (long)_pageLength), _pageLength);

    private uint Number(ReadOnlySpan<byte> bytes) => _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private ushort Short(ReadOnlySpan<byte> bytes) => _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static UnreadableFileException Damaged() => new("the database is damaged");
}
