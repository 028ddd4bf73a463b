using System.Buffers.Binary;

namespace Portcullis.Scanning.Packages.Go;

/// <summary>The parts of an ELF file that are loaded into memory (ELF specification, "Program Header"), as its first 4 KiB say.</summary>
internal sealed class ElfSegments
{
    private const int Load = 1;
    private const int Execute = 1;
    private const int MaxSegments = 64;

    private readonly bool _bigEndian;
    private readonly List<(ulong Address, ulong Offset, ulong Length, bool IsCode)> _segments = [];

    private ElfSegments(bool bigEndian) => _bigEndian = bigEndian;

    /// <summary>The segments; null for what is no ELF file.</summary>
    public static ElfSegments? Read(ReadOnlySpan<byte> first)
    {
        if (first.Length < 64 || first is not [0x7f, (byte)'E', (byte)'L', (byte)'F', ..])
        {
            return null;
        }

        var segments = new ElfSegments(first[5] == 2);
        segments.ReadTable(first, wide: first[4] == 2);
        return segments;
    }

    /// <summary>
    /// What may hold strings and pointers: all but the code, which is half of a program. Where a linker put the constants into the code's segment, that too.
    /// </summary>
    public IReadOnlyList<(long Offset, long Length)> Data
    {
        get
        {
            var code = _segments.Where(s => s.IsCode).Select(s => s.Offset).DefaultIfEmpty(0UL).Min();
            var apart = _segments.Exists(s => !s.IsCode && s.Offset > code && s.Length > 0) && _segments.Count > 2;
            return [.. _segments.Where(s => !apart || !s.IsCode).Select(s => ((long)Math.Min(s.Offset, long.MaxValue / 4), (long)Math.Min(s.Length, long.MaxValue / 4)))];
        }
    }

    /// <summary>Where in the file an address is; null when nothing of the file is there.</summary>
    public ulong? OffsetOf(ulong address)
    {
        foreach (var (start, offset, length, _) in _segments)
        {
            if (address >= start && address - start < length)
            {
                return unchecked(offset + address - start);
            }
        }

        return null;
    }

    private void ReadTable(ReadOnlySpan<byte> first, bool wide)
    {
        var table = wide ? Number64(first[32..]) : Number32(first[28..]);
        var length = Number16(first[(wide ? 54 : 42)..]);
        var count = Math.Min((int)Number16(first[(wide ? 56 : 44)..]), MaxSegments);
        for (var i = 0; i < count && table <= (ulong)first.Length && (int)table + (i * length) + (wide ? 56 : 32) <= first.Length; i++)
        {
            var segment = first[((int)table + (i * length))..];
            if (Number32(segment) == Load)
            {
                _segments.Add(wide
                    ? (Number64(segment[16..]), Number64(segment[8..]), Number64(segment[32..]), (Number32(segment[4..]) & Execute) != 0)
                    : (Number32(segment[8..]), Number32(segment[4..]), Number32(segment[16..]), (Number32(segment[24..]) & Execute) != 0));
            }
        }
    }

    private ulong Number64(ReadOnlySpan<byte> bytes) => _bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private uint Number32(ReadOnlySpan<byte> bytes) => _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private ushort Number16(ReadOnlySpan<byte> bytes) => _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
