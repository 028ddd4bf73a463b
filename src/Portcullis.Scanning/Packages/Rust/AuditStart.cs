using System.Buffers.Binary;
using System.IO.Compression;

namespace Portcullis.Scanning.Packages.Rust;

/// <summary>
/// How the list of crates in a binary begins (cargo-auditable, PARSING.md): zlib data (RFC 1950) of a JSON object of packages. A section .dep-v0 has it, which an ELF file names at its
/// end alone; so it is looked for by what it is. The checks of the first bits leave next to nothing to be decompressed.
/// </summary>
internal static class AuditStart
{
    /// <summary>The bytes by which it is known: the tables of the codes and the first letters.</summary>
    public const int Length = 512;

    private const byte Zlib = 0x78;
    private const int Shortest = 12;

    /// <summary>Where such data begins, before an offset; -1 when it does nowhere.</summary>
    public static int Find(ReadOnlySpan<byte> bytes, int before)
    {
        for (var at = 0; at < before; at++)
        {
            var next = bytes[at..before].IndexOf(Zlib);
            if (next < 0)
            {
                return -1;
            }

            at += next;
            if (MayBegin(bytes[at..]) && Begins(bytes[at..]))
            {
                return at;
            }
        }

        return -1;
    }

    // The level of compression, and what makes both bytes a multiple of 31; then the first block (RFC 1951, 3.2.3): stored, with fixed codes, or with its own.
    private static bool MayBegin(ReadOnlySpan<byte> bytes) => bytes.Length >= Shortest && bytes[1] is 0x01 or 0x5e or 0x9c or 0xda && ((bytes[2] >> 1) & 3) switch
    {
        0 => bytes[7..].StartsWith("{\""u8),
        1 => ((BinaryPrimitives.ReadUInt32LittleEndian(bytes[2..]) >> 3) & 0xffff) == 0x4ad5,
        2 => HasCodes(bytes[2..]),
        _ => false,
    };

    // The lengths of the codes for lengths (3.2.7), three bits each from the 18th on, must make a whole tree.
    private static bool HasCodes(ReadOnlySpan<byte> block)
    {
        var head = BinaryPrimitives.ReadUInt32LittleEndian(block);
        if (((head >> 3) & 31) > 29 || ((head >> 8) & 31) > 29)
        {
            return false;
        }

        var count = (int)((head >> 13) & 15) + 4;
        var sum = 0;
        for (var i = 0; i < count; i++)
        {
            var bit = 17 + (3 * i);
            if ((bit >> 3) + 1 >= block.Length)
            {
                return false;
            }

            var length = (BinaryPrimitives.ReadUInt16LittleEndian(block[(bit >> 3)..]) >> (bit & 7)) & 7;
            sum += length == 0 ? 0 : 128 >> length;
        }

        return sum == 128;
    }

    private static bool Begins(ReadOnlySpan<byte> bytes)
    {
        Span<byte> text = stackalloc byte[13];
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(bytes[..Math.Min(bytes.Length, Length)].ToArray()), CompressionMode.Decompress);
            zlib.ReadExactly(text);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            return false;
        }

        return text.SequenceEqual("{\"packages\":["u8);
    }
}
