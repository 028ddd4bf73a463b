using System.Text;

namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>Reads what <see cref="PackedWriter"/> wrote. What is not so written throws <see cref="FormatException"/>; nothing is read behind the end.</summary>
public ref struct PackedReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte Byte() => Raw(1)[0];

    public ulong Number()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("a number is longer than 64 bits");
    }

    public ReadOnlySpan<byte> Bytes() => Raw(Count());

    public ReadOnlySpan<byte> Raw(int count)
    {
        if (count > _rest.Length)
        {
            throw new FormatException("the bytes end in the middle of a value");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public IReadOnlyList<string> Texts()
    {
        var count = Count();
        if (count == 0)
        {
            return [];
        }

        var texts = new string[count];
        for (var i = 0; i < count; i++)
        {
            texts[i] = Text();
        }

        return texts;
    }

    /// <summary>A number of things of at least one byte each, of which there cannot be more than bytes.</summary>
    public int Count()
    {
        var count = Number();
        return count <= (ulong)_rest.Length ? (int)count : throw new FormatException("the bytes end in the middle of a value");
    }
}
