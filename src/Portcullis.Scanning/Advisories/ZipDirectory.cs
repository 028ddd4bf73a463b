using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Portcullis.Scanning.Advisories;

/// <summary>A file in a zip archive, as the central directory describes it.</summary>
internal sealed record ZipEntry(string Name, int NameLength, int Method, bool IsEncrypted, uint Crc, long CompressedSize, long Size, long Offset);

/// <summary>
/// Reads the central directory of a zip archive piece by piece (APPNOTE 6.3.10, sections 4.3.12 to 4.3.16), so that its length costs no memory. What does not
/// fit together throws <see cref="CorruptArchiveException"/>.
/// </summary>
internal sealed class ZipDirectory(SafeFileHandle archive, string path)
{
    private const uint EndSignature = 0x06054b50;
    private const uint End64Signature = 0x06064b50;
    private const uint Locator64Signature = 0x07064b50;
    private const uint EntrySignature = 0x02014b50;
    private const int EndSize = 22;
    private const int EntrySize = 46;
    private const ushort Extra64 = 1;

    private readonly long _length = RandomAccess.GetLength(archive);

    public IEnumerable<ZipEntry> Entries(int limit)
    {
        var (count, at, end) = Place();
        if (count > limit)
        {
            throw new CorruptArchiveException($"{path} has {count} files; at most {limit} are read");
        }

        var stored = 0L;
        for (var i = 0L; i < count; i++)
        {
            var head = Read(at, EntrySize);
            var rest = U16(head, 28) + U16(head, 30) + U16(head, 32);
            if (U32(head, 0) != EntrySignature || at + EntrySize + rest > end)
            {
                throw Corrupt("its directory is damaged");
            }

            var entry = Entry(head, Read(at + EntrySize, rest));
            at += EntrySize + rest;
            stored += entry.CompressedSize;
            if (stored > _length)
            {
                throw Corrupt("its files overlap");
            }

            yield return entry;
        }

        if (at != end)
        {
            throw Corrupt("its directory is damaged");
        }
    }

    public CorruptArchiveException Corrupt(string what) => new($"{path} is corrupt: {what}; nothing of it was imported");

    private ZipEntry Entry(byte[] head, byte[] rest)
    {
        long compressed = U32(head, 20), size = U32(head, 24), offset = U32(head, 42);
        var name = rest.AsSpan(0, U16(head, 28));
        var extra = rest.AsSpan(U16(head, 28), U16(head, 30));
        while (extra.Length >= 4)
        {
            var length = U16(extra, 2);
            if (length > extra.Length - 4)
            {
                throw Corrupt("its directory is damaged");
            }

            if (U16(extra, 0) == Extra64)
            {
                var values = extra.Slice(4, length);
                size = Wide(size, ref values);
                compressed = Wide(compressed, ref values);
                offset = Wide(offset, ref values);
            }

            extra = extra[(4 + length)..];
        }

        return size < 0 || compressed < 0 || offset < 0
            ? throw Corrupt("its directory is damaged")
            : new ZipEntry(Encoding.UTF8.GetString(name), name.Length, U16(head, 10), (U16(head, 8) & 1) != 0, U32(head, 16), compressed, size, offset);
    }

    /// <summary>A value that does not fit into 32 bits is in the extra field, after those before it that do not fit either (section 4.5.3).</summary>
    private long Wide(long value, ref Span<byte> values)
    {
        if (value != uint.MaxValue)
        {
            return value;
        }

        if (values.Length < 8)
        {
            throw Corrupt("its directory is damaged");
        }

        var wide = BinaryPrimitives.ReadInt64LittleEndian(values);
        values = values[8..];
        return wide;
    }

    private (long Count, long Start, long End) Place()
    {
        var tail = Read(Math.Max(0, _length - EndSize - ushort.MaxValue), (int)Math.Min(_length, EndSize + ushort.MaxValue));
        for (var i = tail.Length - EndSize; i >= 0; i--)
        {
            if (U32(tail, i) == EndSignature && i + EndSize + U16(tail, i + 20) == tail.Length)
            {
                return Place(tail.AsSpan(i, EndSize), _length - tail.Length + i);
            }
        }

        throw Corrupt("it ends in the middle");
    }

    private (long Count, long Start, long End) Place(ReadOnlySpan<byte> endRecord, long at)
    {
        long count = U16(endRecord, 10), size = U32(endRecord, 12), start = U32(endRecord, 16);
        var end = at;
        if (at >= 20 && Read(at - 20, 20) is var locator && U32(locator, 0) == Locator64Signature)
        {
            end = BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8));
            var record = end >= 0 && end <= at - 56 ? Read(end, 56) : throw Corrupt("its directory is damaged");
            count = BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(32));
            size = BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(40));
            start = BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(48));
            if (U32(record, 0) != End64Signature)
            {
                throw Corrupt("its directory is damaged");
            }
        }

        return count < 0 || size < 0 || start < 0 || start + size != end ? throw Corrupt("its directory is damaged") : (count, start, end);
    }

    private byte[] Read(long offset, int length)
    {
        var bytes = new byte[length];
        var filled = 0;
        while (filled < length)
        {
            var read = RandomAccess.Read(archive, bytes.AsSpan(filled), offset + filled);
            filled = read > 0 ? filled + read : throw Corrupt("it ends in the middle");
        }

        return bytes;
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
