using System.Buffers.Binary;
using System.Numerics;

namespace Portcullis.Scanning.Advisories;

/// <summary>The hash table of packages: open addressing, the next slot after a taken one, at most two of three taken.</summary>
internal sealed class SlotTable(byte[] bytes)
{
    private const int SlotSize = 16;

    /// <summary>Bits of the second half of a slot that are the entry's length; the others are its place.</summary>
    private const int LengthBits = 28;

    private readonly int _mask = (bytes.Length / SlotSize) - 1;

    public static byte[] Of(IReadOnlyCollection<(ulong Hash, int Length, long Offset)> entries)
    {
        var count = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, (entries.Count * 3L / 2) + 1));
        var bytes = new byte[count * SlotSize];
        foreach (var (hash, length, offset) in entries)
        {
            if (length >= 1 << LengthBits)
            {
                throw new AdvisoryDatabaseException($"the advisories of one package take more than {1 << LengthBits} bytes");
            }

            var at = (int)(hash & (ulong)(count - 1));
            while (BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan((at * SlotSize) + 8)) != 0)
            {
                at = (at + 1) & (count - 1);
            }

            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at * SlotSize), hash);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan((at * SlotSize) + 8), ((ulong)offset << LengthBits) | (uint)length);
        }

        return bytes;
    }

    public static bool IsValidLength(long length) => length is >= 2 * SlotSize and <= int.MaxValue && BitOperations.IsPow2(length);

    /// <summary>The next entry whose hash this is, from a position on, which begins at 0; false when there is none.</summary>
    public bool TryNext(ulong hash, ref int probe, out long offset, out int length)
    {
        while (probe <= _mask)
        {
            var at = (int)((hash + (ulong)probe++) & (ulong)_mask) * SlotSize;
            var place = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at + 8));
            if (place == 0)
            {
                break;
            }

            if (BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)) == hash)
            {
                (offset, length) = ((long)(place >> LengthBits), (int)(place & ((1 << LengthBits) - 1)));
                return true;
            }
        }

        (offset, length) = (0, 0);
        return false;
    }
}
