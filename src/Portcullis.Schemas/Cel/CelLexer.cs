using System.Globalization;

namespace Portcullis.Schemas.Cel;

internal enum CelTokenKind
{
    End,
    Identifier,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Symbol,
}

/// <summary><see cref="Text"/> is the symbol or name; <see cref="Value"/> a literal's content.</summary>
internal readonly record struct CelToken(CelTokenKind Kind, string Text, CelPosition Position, object? Value = null);

/// <summary>Cuts an expression into tokens (cel-spec langdef, "Lexis").</summary>
internal sealed class CelLexer(string source)
{
    private static readonly string[] Symbols = ["==", "!=", "<=", ">=", "&&", "||", "[?", "{?", "<", ">", "(", ")", "[", "]", "{", "}", ".", ",", "-", "!", "?", ":", "+", "*", "/", "%"];
    private int _at;
    private int _line = 1;
    private int _column;

    public List<CelToken> All()
    {
        var tokens = new List<CelToken>();
        while (true)
        {
            SkipBlank();
            var token = Next();
            tokens.Add(token);
            if (token.Kind == CelTokenKind.End)
            {
                return tokens;
            }
        }
    }

    private char Peek(int ahead = 0) => _at + ahead < source.Length ? source[_at + ahead] : '\0';

    private void Advance(int count)
    {
        for (var end = _at + count; _at < end; _at++)
        {
            if (source[_at] == '\n')
            {
                _line++;
                _column = 0;
            }
            else if (!char.IsLowSurrogate(source[_at]))
            {
                _column++;
            }
        }
    }

    private void SkipBlank()
    {
        while (_at < source.Length)
        {
            if (source[_at] is ' ' or '\t' or '\n' or '\r' or '\f')
            {
                Advance(1);
            }
            else if (source[_at] == '/' && Peek(1) == '/')
            {
                var end = source.IndexOf('\n', _at);
                Advance((end < 0 ? source.Length : end) - _at);
            }
            else
            {
                return;
            }
        }
    }

    private CelToken Next()
    {
        var start = new CelPosition(_line, _column);
        if (_at >= source.Length)
        {
            return new CelToken(CelTokenKind.End, "<EOF>", start);
        }

        var c = Peek();
        if (c is '"' or '\'' || StringPrefix() > 0)
        {
            return Text(start);
        }

        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1))))
        {
            return Number(start);
        }

        if (char.IsAsciiLetter(c) || c == '_')
        {
            var length = 1;
            while (char.IsAsciiLetterOrDigit(Peek(length)) || Peek(length) == '_')
            {
                length++;
            }

            return Take(CelTokenKind.Identifier, length, start);
        }

        foreach (var symbol in Symbols)
        {
            if (source.AsSpan(_at).StartsWith(symbol))
            {
                return Take(CelTokenKind.Symbol, symbol.Length, start);
            }
        }

        throw new CelSyntaxException(start, $"Syntax error: token recognition error at: '{source[_at]}'");
    }

    private CelToken Take(CelTokenKind kind, int length, CelPosition start, object? value = null)
    {
        var text = source.Substring(_at, length);
        Advance(length);
        return new CelToken(kind, text, start, value);
    }

    private CelToken Number(CelPosition start)
    {
        var length = 0;
        if (Peek() == '0' && Peek(1) is 'x' or 'X' && char.IsAsciiHexDigit(Peek(2)))
        {
            length = 2;
            while (char.IsAsciiHexDigit(Peek(length)))
            {
                length++;
            }

            return Integer(length, start, source.Substring(_at + 2, length - 2), NumberStyles.AllowHexSpecifier);
        }

        while (char.IsAsciiDigit(Peek(length)))
        {
            length++;
        }

        var whole = length;
        if (Peek(length) == '.' && char.IsAsciiDigit(Peek(length + 1)))
        {
            length += 2;
            while (char.IsAsciiDigit(Peek(length)))
            {
                length++;
            }
        }

        if (Peek(length) is 'e' or 'E' && (char.IsAsciiDigit(Peek(length + 1)) || (Peek(length + 1) is '+' or '-' && char.IsAsciiDigit(Peek(length + 2)))))
        {
            length += 2;
            while (char.IsAsciiDigit(Peek(length)))
            {
                length++;
            }
        }

        return length == whole
            ? Integer(length, start, source.Substring(_at, length), NumberStyles.None)
            : Take(CelTokenKind.Double, length, start, double.Parse(source.AsSpan(_at, length), NumberStyles.Float, CultureInfo.InvariantCulture));
    }

    private CelToken Integer(int length, CelPosition start, string digits, NumberStyles style)
    {
        var unsigned = Peek(length) is 'u' or 'U';
        if (!ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out var value))
        {
            throw new CelSyntaxException(start, unsigned ? "invalid uint literal" : "invalid int literal");
        }

        return unsigned ? Take(CelTokenKind.Uint, length + 1, start, value) : Take(CelTokenKind.Int, length, start, value);
    }

    /// <summary>The length of a string's prefix (r, b, rb) when a quote follows.</summary>
    private int StringPrefix()
    {
        var length = 0;
        while (length < 2 && Peek(length) is 'r' or 'R' or 'b' or 'B')
        {
            length++;
        }

        return length > 0 && Peek(length) is '"' or '\'' ? length : 0;
    }

    private CelToken Text(CelPosition start)
    {
        var prefix = StringPrefix();
        var raw = source.AsSpan(_at, prefix).ContainsAny('r', 'R');
        var bytes = source.AsSpan(_at, prefix).ContainsAny('b', 'B');
        var quote = Peek(prefix);
        var triple = Peek(prefix + 1) == quote && Peek(prefix + 2) == quote;
        var close = new string(quote, triple ? 3 : 1);
        var content = new CelStringContent(bytes, start);
        var at = _at + prefix + close.Length;
        while (true)
        {
            if (at >= source.Length || (!triple && source[at] is '\n' or '\r'))
            {
                throw new CelSyntaxException(start, $"Syntax error: token recognition error at: '{source.AsSpan(_at, Math.Min(at - _at, 40))}'");
            }

            if (source.AsSpan(at).StartsWith(close))
            {
                break;
            }

            at += !raw && source[at] == '\\' ? content.Escape(source.AsSpan(at)) : content.Plain(source, at);
        }

        var value = content.Value();
        return Take(bytes ? CelTokenKind.Bytes : CelTokenKind.String, at + close.Length - _at, start, value);
    }
}
