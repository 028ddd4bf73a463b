using System.Globalization;
using System.Text;

namespace Portcullis.Schemas.Cel;

/// <summary>The content of a string or bytes literal while it is read; escapes of bytes are bytes, those of strings characters.</summary>
internal sealed class CelStringContent(bool bytes, CelPosition start)
{
    private readonly StringBuilder _text = new();
    private readonly List<byte> _bytes = [];

    public object Value() => bytes ? _bytes.ToArray() : _text.ToString();

    /// <summary>Reads one character and returns how many UTF-16 units it has.</summary>
    public int Plain(string source, int at)
    {
        var length = at + 1 < source.Length && char.IsSurrogatePair(source[at], source[at + 1]) ? 2 : 1;
        Add(source.AsSpan(at, length));
        return length;
    }

    /// <summary>Reads one escape sequence and returns its length.</summary>
    public int Escape(ReadOnlySpan<char> rest)
    {
        if (rest.Length < 2)
        {
            throw new CelSyntaxException(start, "Syntax error: unterminated escape sequence");
        }

        var simple = rest[1] switch
        {
            'a' => "\a", 'b' => "\b", 'f' => "\f", 'n' => "\n", 'r' => "\r", 't' => "\t", 'v' => "\v",
            '\\' => "\\", '\'' => "'", '"' => "\"", '`' => "`", '?' => "?", _ => null,
        };
        if (simple is not null)
        {
            Add(simple);
            return 2;
        }

        var (length, style, digits) = rest[1] switch
        {
            'x' or 'X' => (2, NumberStyles.AllowHexSpecifier, 2),
            'u' => (4, NumberStyles.AllowHexSpecifier, 2),
            'U' => (8, NumberStyles.AllowHexSpecifier, 2),
            >= '0' and <= '3' => (3, NumberStyles.None, 1),
            _ => throw new CelSyntaxException(start, $"Syntax error: invalid escape sequence \\{rest[1]}"),
        };
        if (rest.Length < digits + length || !TryCode(rest.Slice(digits, length), style, out var code))
        {
            throw new CelSyntaxException(start, "Syntax error: invalid escape sequence");
        }

        if (bytes && rest[1] is not ('u' or 'U'))
        {
            _bytes.Add((byte)code);
        }
        else
        {
            Add(Rune.IsValid(code) ? new Rune(code).ToString() : throw new CelSyntaxException(start, "invalid unicode code point"));
        }

        return digits + length;
    }

    private static bool TryCode(ReadOnlySpan<char> text, NumberStyles style, out int code)
    {
        if (style == NumberStyles.AllowHexSpecifier)
        {
            return int.TryParse(text, style, CultureInfo.InvariantCulture, out code);
        }

        code = 0;
        foreach (var c in text)
        {
            if (c is < '0' or > '7')
            {
                return false;
            }

            code = (code * 8) + (c - '0');
        }

        return true;
    }

    private void Add(ReadOnlySpan<char> text)
    {
        if (bytes)
        {
            _bytes.AddRange(Encoding.UTF8.GetBytes(text.ToString()));
        }
        else
        {
            _text.Append(text);
        }
    }
}
