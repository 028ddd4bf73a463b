using System.Globalization;
using System.Text;

namespace Portcullis.Schemas.Patterns;

/// <summary>
/// Rewrites RE2 syntax into .NET's: <c>$</c> means the very end (not before a last newline); <c>\d \w \s</c> are ASCII; <c>(?P&lt;n&gt;…)</c>,
/// <c>\pL</c>, <c>\x{…}</c>, <c>\Q…\E</c>, <c>\z</c> and <c>[[:alpha:]]</c> are spelt otherwise; <c>[</c> within a class is literal.
/// </summary>
internal sealed class Re2Translation(string pattern)
{
    private const int MaxRepeat = 1000;
    private static readonly Dictionary<string, string> PosixClasses = new(StringComparer.Ordinal)
    {
        ["alnum"] = "0-9A-Za-z", ["alpha"] = "A-Za-z", ["ascii"] = "\\x00-\\x7F", ["blank"] = "\\t ", ["cntrl"] = "\\x00-\\x1F\\x7F",
        ["digit"] = "0-9", ["graph"] = "!-~", ["lower"] = "a-z", ["print"] = " -~", ["punct"] = "!-/:-@\\[-`{-~",
        ["space"] = "\\t\\n\\v\\f\\r ", ["upper"] = "A-Z", ["word"] = "0-9A-Za-z_", ["xdigit"] = "0-9A-Fa-f",
    };

    private readonly StringBuilder _out = new(pattern.Length + 16);
    private readonly Stack<bool> _multiline = new([false]);

    /// <summary>For each open group, and for what was read last: how often repetitions within repetitions come to repeat it.</summary>
    private readonly Stack<int> _repeatsOfGroups = new([1]);
    private int _repeatsOfLast = 1;
    private int _at;

    public static string ToDotNet(string pattern)
    {
        var translation = new Re2Translation(pattern);
        translation.Run();
        return translation._out.ToString();
    }

    private void Run()
    {
        while (_at < pattern.Length)
        {
            var c = pattern[_at];
            _repeatsOfLast = c is '{' or '*' or '+' or '?' or ')' ? _repeatsOfLast : 1;
            switch (c)
            {
                case '\\':
                    Escape(inClass: false);
                    break;
                case '[':
                    Class();
                    break;
                case '(':
                    var open = _multiline.Count;
                    Group();
                    if (_multiline.Count > open)
                    {
                        _repeatsOfGroups.Push(1);
                    }

                    break;
                case ')':
                    if (_multiline.Count > 1)
                    {
                        _multiline.Pop();
                        Repeats(_repeatsOfGroups.Pop());
                    }

                    Take(1);
                    break;
                case '$':
                    _at++;
                    _out.Append(_multiline.Peek() ? "(?m:$)" : "\\z");
                    break;
                case '{':
                    Repeat();
                    break;
                default:
                    Take(1);
                    break;
            }
        }
    }

    private void Take(int length)
    {
        _out.Append(pattern, _at, length);
        _at += length;
    }

    private void Group()
    {
        if (At("(?P<"))
        {
            _out.Append("(?<");
            _at += 4;
            _multiline.Push(_multiline.Peek());
            return;
        }

        if (!At("(?") || At("(?<"))
        {
            if (At("(?<=") || At("(?<!"))
            {
                throw new NotSupportedException($"invalid or unsupported Perl syntax: `{pattern.Substring(_at, 3)}`");
            }

            Take(1);
            _multiline.Push(_multiline.Peek());
            return;
        }

        var end = pattern.AsSpan(_at).IndexOfAny(':', ')');
        var flags = end < 0 ? pattern[(_at + 2)..] : pattern.Substring(_at + 2, end - 2);
        if (end < 0 || flags.AsSpan().IndexOfAnyExcept("ims-") >= 0)
        {
            throw new NotSupportedException($"invalid or unsupported Perl syntax: `(?{flags}`");
        }

        var minus = flags.IndexOf('-', StringComparison.Ordinal);
        var multiline = flags.IndexOf('m', StringComparison.Ordinal) switch { < 0 => _multiline.Peek(), var at => minus < 0 || at < minus };
        if (pattern[_at + end] == ':')
        {
            _multiline.Push(multiline);
        }
        else
        {
            _multiline.Pop();
            _multiline.Push(multiline);
        }

        Take(end + 1);
    }

    private void Repeat()
    {
        var end = pattern.IndexOf('}', _at);
        var inner = end < 0 ? default : pattern.AsSpan(_at + 1, end - _at - 1);
        var most = 1;
        foreach (var bound in inner.Split(','))
        {
            if (int.TryParse(inner[bound], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                most = Math.Max(most, count);
            }
        }

        // As RE2: nested repetitions count together, or a few letters would stand for a billion states.
        if (most > MaxRepeat / _repeatsOfLast)
        {
            throw new NotSupportedException($"invalid repeat count: `{{{inner}}}`");
        }

        Repeats(_repeatsOfLast * most);
        Take(1);
    }

    private void Repeats(int times)
    {
        _repeatsOfLast = times;
        _repeatsOfGroups.Push(Math.Max(_repeatsOfGroups.Pop(), times));
    }

    private void Class()
    {
        Take(1);
        if (_at < pattern.Length && pattern[_at] == '^')
        {
            Take(1);
        }

        for (var first = true; _at < pattern.Length && (first || pattern[_at] != ']'); first = false)
        {
            if (At("[:") && pattern.IndexOf(":]", _at, StringComparison.Ordinal) is > 0 and var end)
            {
                var name = pattern.Substring(_at + 2, end - _at - 2);
                _out.Append(PosixClasses.TryGetValue(name, out var range)
                    ? range
                    : throw new NotSupportedException($"invalid character class range: `[:{name}:]`"));
                _at = end + 2;
            }
            else if (pattern[_at] == '\\')
            {
                Escape(inClass: true);
            }
            else if (pattern[_at] is '[' or ']')
            {
                _out.Append('\\');
                Take(1);
            }
            else
            {
                Take(1);
            }
        }

        if (_at >= pattern.Length)
        {
            throw new NotSupportedException($"missing closing ]: `{pattern}`");
        }

        Take(1);
    }

    private void Escape(bool inClass)
    {
        if (_at + 1 >= pattern.Length)
        {
            throw new NotSupportedException("trailing backslash at end of expression: ``");
        }

        var c = pattern[_at + 1];
        switch (c)
        {
            case 'd' or 'w' or 's' or 'D' or 'W' or 'S':
                Replace(2, inClass ? PerlClass(c) : $"[{PerlClass(c)}]");
                break;
            case 'z' when !inClass:
                Replace(2, "\\z");
                break;
            case 'Q':
                var end = pattern.IndexOf("\\E", _at + 2, StringComparison.Ordinal);
                var literal = end < 0 ? pattern[(_at + 2)..] : pattern[(_at + 2)..end];
                Replace((end < 0 ? pattern.Length : end + 2) - _at, System.Text.RegularExpressions.Regex.Escape(literal));
                break;
            case 'p' or 'P' when _at + 2 < pattern.Length && pattern[_at + 2] != '{':
                Replace(3, $"\\{c}{{{pattern[_at + 2]}}}");
                break;
            case 'p' or 'P':
                UnicodeClass(c);
                break;
            case 'x' when At("\\x{"):
                CodePoint();
                break;
            case >= '0' and <= '9' when c != '0':
                throw new NotSupportedException($"invalid escape sequence: `\\{c}`");
            case 'A' or 'b' or 'B' when !inClass:
            case 'a' or 'f' or 'n' or 'r' or 't' or 'v' or 'x' or '0':
                Take(2);
                break;
            default:
                if (char.IsAsciiLetterOrDigit(c))
                {
                    throw new NotSupportedException($"invalid escape sequence: `\\{c}`");
                }

                Take(2);
                break;
        }
    }

    /// <summary>ASCII only, as RE2 has them; .NET's own take all of Unicode.</summary>
    private static string PerlClass(char c) => c switch
    {
        'd' => "0-9",
        'w' => "0-9A-Za-z_",
        's' => "\\t\\n\\f\\r ",
        'D' => "\\x00-/:-\\uFFFF",
        'W' => "\\x00-/:-@\\[-^`{-\\uFFFF",
        _ => "\\x00-\\x08\\x0B\\x0E-\\x1F!-\\uFFFF",
    };

    private void UnicodeClass(char c)
    {
        var end = pattern.IndexOf('}', _at);
        var name = end < 0 ? "" : pattern[(_at + 3)..end];
        var negated = name.StartsWith('^');
        name = name.TrimStart('^');
        if (name.Length is 0 or > 2)
        {
            // Scripts (\p{Greek}): .NET knows blocks only.
            throw new NotSupportedException($"unsupported character class: `\\{c}{{{name}}}`");
        }

        Replace(end + 1 - _at, $"\\{(negated == (c == 'p') ? 'P' : 'p')}{{{name}}}");
    }

    private void CodePoint()
    {
        var end = pattern.IndexOf('}', _at);
        if (end < 0 || !int.TryParse(pattern.AsSpan(_at + 3, end - _at - 3), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var point) || point > 0xffff)
        {
            throw new NotSupportedException($"unsupported escape sequence: `{pattern[_at..Math.Min(pattern.Length, _at + 10)]}`");
        }

        Replace(end + 1 - _at, $"\\u{point:X4}");
    }

    private void Replace(int length, string with)
    {
        _out.Append(with);
        _at += length;
    }

    private bool At(string text) => pattern.AsSpan(_at).StartsWith(text);
}
