using System.Text;

namespace Portcullis.Scanning.Layers.Tar;

/// <summary>A header of 512 bytes: ustar (POSIX.1-1988), the GNU format, or the one before both.</summary>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> block)
{
    public const int Length = 512;

    private readonly ReadOnlySpan<byte> _block = block;

    public char Type => (char)_block[156];

    public long Size => Number(_block.Slice(124, 12));

    public bool Executable => (Number(_block.Slice(100, 8)) & 0b001_001_001) != 0;

    public string Link => Text(_block.Slice(157, 100));

    /// <summary>The real size of a sparse file in the old GNU format.</summary>
    public long RealSize => Number(_block.Slice(483, 12));

    public string Name
    {
        get
        {
            var name = Text(_block[..100]);
            // The GNU format has other fields where ustar has the prefix, and a magic that ends with spaces.
            var prefix = _block.Slice(257, 6).SequenceEqual("ustar\0"u8) ? Text(_block.Slice(345, 155)) : "";
            return prefix.Length == 0 ? name : $"{prefix}/{name}";
        }
    }

    public bool IsZero => _block.IndexOfAnyExcept((byte)0) < 0;

    /// <summary>Whether the header's own sum is right, its bytes taken as unsigned or, as some old programs did, as signed.</summary>
    public bool HasRightSum()
    {
        long unsigned = 0;
        long signed = 0;
        for (var i = 0; i < Length; i++)
        {
            var value = i is >= 148 and < 156 ? (byte)' ' : _block[i];
            unsigned += value;
            signed += (sbyte)value;
        }

        var sum = Number(_block.Slice(148, 8));
        return sum == unsigned || sum == signed;
    }

    /// <summary>A number in octal digits, or in base 256 where its first bit is set (GNU); -1 when it is neither or does not fit.</summary>
    public static long Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            return Base256(field);
        }

        long number = 0;
        foreach (var digit in field.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return -1;
            }

            number = (number << 3) | (uint)(digit - '0');
        }

        return number;
    }

    private static long Base256(ReadOnlySpan<byte> field)
    {
        long number = field[0] & 0x7f;
        foreach (var b in field[1..])
        {
            if (number >> 54 != 0)
            {
                return -1;
            }

            number = (number << 8) | b;
        }

        return number;
    }

    /// <summary>The text before the first zero byte.</summary>
    public static string Text(ReadOnlySpan<byte> field) => Encoding.UTF8.GetString(field.IndexOf((byte)0) is var end and >= 0 ? field[..end] : field);
}
