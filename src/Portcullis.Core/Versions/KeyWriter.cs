using System.Buffers.Binary;
using System.Text;

namespace Portcullis.Core.Versions;

/// <summary>
/// Writes keys of versions. What is written must be such that two keys differ first where their versions do: a list ends with a byte that no element begins
/// with, and what is absent has a byte of its own.
/// </summary>
internal sealed class KeyWriter
{
    private const byte LongNumber = 255;

    private byte[] _buffer = new byte[64];

    public int Length { get; private set; }

    public void Add(byte value)
    {
        Reserve(1);
        _buffer[Length++] = value;
    }

    /// <summary>A number of any length, written in digits; without any it is zero. The count of its digits without leading zeros, then those.</summary>
    public void AddNumber(ReadOnlySpan<char> digits)
    {
        digits = digits.TrimStart('0');
        Reserve(5);
        if (digits.Length < LongNumber)
        {
            _buffer[Length++] = (byte)digits.Length;
        }
        else
        {
            _buffer[Length++] = LongNumber;
            BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(Length), digits.Length);
            Length += 4;
        }

        AddText(digits);
    }

    /// <summary>A small count, of which the greater is the higher.</summary>
    public void AddCount(int count) => AddCount(count, 0);

    /// <summary>A small count, of which the greater is the lower.</summary>
    public void AddFallingCount(int count) => AddCount(count, byte.MaxValue);

    /// <summary>Text in UTF-8, whose bytes have the order of the characters. It is not terminated.</summary>
    public void AddText(ReadOnlySpan<char> text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        Length += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(Length));
    }

    /// <summary>Text as <see cref="AddText"/> writes it, its ASCII letters in lower case.</summary>
    public void AddLowerCase(ReadOnlySpan<char> text)
    {
        var start = Length;
        AddText(text);
        Ascii.ToLowerInPlace(_buffer.AsSpan(start, Length - start), out _);
    }

    /// <summary>Takes back what was written after <see cref="Length"/> had this value.</summary>
    public void Truncate(int length) => Length = length;

    public VersionKey ToKey() => new(_buffer.AsSpan(0, Length));

    private void AddCount(int count, byte inversion)
    {
        for (; count >= byte.MaxValue; count -= byte.MaxValue)
        {
            Add((byte)(byte.MaxValue ^ inversion));
        }

        Add((byte)(count ^ inversion));
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - Length < count)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        }
    }
}
