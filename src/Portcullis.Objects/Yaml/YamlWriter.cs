using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Objects.Yaml;

/// <summary>The writing half of <see cref="KubernetesYaml"/>: go-yaml v2's choices of style, without folding.</summary>
internal sealed class YamlWriter
{
    private const int MaxDepth = KubernetesJson.MaxDepth;

    /// <summary>In bytes; go-yaml's bound.</summary>
    private const int LongestSimpleKey = 128;
    private static readonly SearchValues<char> NumberLike = SearchValues.Create("0123456789:._+-");
    private readonly StringBuilder _text = new();

    public static string Write(JsonNode? node)
    {
        var writer = new YamlWriter();
        switch (node)
        {
            case JsonObject { Count: > 0 } o:
                writer.Members(o, 0, 1);
                break;
            case JsonArray { Count: > 0 } a:
                writer.Items(a, 0, 1);
                break;
            default:
                writer.Leaf(node, 0);
                writer._text.Append('\n');
                break;
        }

        return writer._text.ToString();
    }

    private void Members(JsonObject o, int indent, int depth, bool firstLineBegun = false)
    {
        Guard(depth);
        foreach (var (key, value) in o)
        {
            if (!firstLineBegun)
            {
                _text.Append(' ', indent);
            }

            firstLineBegun = false;
            if (Encoding.UTF8.GetByteCount(key) > LongestSimpleKey)
            {
                ExplicitMember(key, value, indent, depth);
                continue;
            }

            Text(key, indent, isKey: true);
            _text.Append(':');
            switch (value)
            {
                case JsonObject { Count: > 0 } members:
                    _text.Append('\n');
                    Members(members, indent + 2, depth + 1);
                    break;
                case JsonArray { Count: > 0 } items:
                    _text.Append('\n');
                    Items(items, indent, depth + 1);
                    break;
                default:
                    _text.Append(' ');
                    Leaf(value, indent + 2);
                    _text.Append('\n');
                    break;
            }
        }
    }

    /// <summary>With "? " before the key, and ": " before the value on a line of its own: YAML 1.2, section 8.2.2, lets no other key be longer than 1,024 characters.</summary>
    private void ExplicitMember(string key, JsonNode? value, int indent, int depth)
    {
        _text.Append("? ");
        Text(key, indent + 2, isKey: true);
        _text.Append('\n').Append(' ', indent).Append(": ");
        Nested(value, indent + 2, depth + 1);
    }

    private void Items(JsonArray a, int indent, int depth, bool firstLineBegun = false)
    {
        Guard(depth);
        foreach (var item in a)
        {
            if (!firstLineBegun)
            {
                _text.Append(' ', indent);
            }

            firstLineBegun = false;
            _text.Append("- ");
            Nested(item, indent + 2, depth + 1);
        }
    }

    /// <summary>A value whose first line is begun.</summary>
    private void Nested(JsonNode? value, int indent, int depth)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } members:
                Members(members, indent, depth, firstLineBegun: true);
                break;
            case JsonArray { Count: > 0 } items:
                Items(items, indent, depth, firstLineBegun: true);
                break;
            default:
                Leaf(value, indent);
                _text.Append('\n');
                break;
        }
    }

    private void Leaf(JsonNode? node, int indent)
    {
        switch (node)
        {
            case null:
                _text.Append("null");
                break;
            case JsonObject:
                _text.Append("{}");
                break;
            case JsonArray:
                _text.Append("[]");
                break;
            default:
                var value = (JsonValue)node;
                switch (value.GetValueKind())
                {
                    case JsonValueKind.String:
                        Text(value.GetValue<string>(), indent, isKey: false);
                        break;
                    case JsonValueKind.Number:
                        _text.Append(JsonNumber.TryInt64(value, out var whole) ? whole.ToString(CultureInfo.InvariantCulture)
                            : JsonNumber.TryDouble(value, out var number) ? JsonNumber.Text(number) : value.ToJsonString());
                        break;
                    default:
                        _text.Append(value.ToJsonString());
                        break;
                }

                break;
        }
    }

    private void Text(string text, int indent, bool isKey)
    {
        if (!isKey && text.Contains('\n', StringComparison.Ordinal) && LiteralAllowed(text))
        {
            Literal(text, indent);
        }
        else if (PlainAllowed(text))
        {
            // A text that would read back as another type is quoted with ", one that YAML's syntax forbids plain with '.
            _ = ScalarResolver.Plain(text) is { Kind: ScalarKind.Text, Error: null } && !OldReaderDisagrees(text) ? _text.Append(text)
                : text.AsSpan().ContainsAny('"', '\\') ? Single(text)
                : _text.Append('"').Append(text).Append('"');
        }
        else if (text.All(c => c is >= ' ' and not '\u007f' && IsPrintable(c)) && text.Length > 0)
        {
            Single(text);
        }
        else
        {
            Escaped(text);
        }
    }

    private StringBuilder Single(string text) => _text.Append('\'').Append(text.Replace("'", "''", StringComparison.Ordinal)).Append('\'');

    /// <summary>Sexagesimals and timestamps: text to us, something else to other YAML 1.1 readers; go-yaml quotes them too.</summary>
    private static bool OldReaderDisagrees(string text) =>
        text is "=" or "<<" || ((char.IsAsciiDigit(text[0]) || text[0] is '-' or '+')
            && (text.AsSpan().IndexOfAnyExcept(NumberLike) < 0 || (text.Length >= 10 && text[4] == '-' && char.IsAsciiDigit(text[3]))));

    private static bool PlainAllowed(string text)
    {
        if (text.Length == 0)
        {
            // "" is quoted because it would read back as null.
            return true;
        }

        if (text[0] is '-' or '?' or ':' && (text.Length == 1 || text[1] == ' '))
        {
            return false;
        }

        if (text.StartsWith("---", StringComparison.Ordinal) || text.StartsWith("...", StringComparison.Ordinal)
            || "#,[]{}&*!|>'\"%@`".Contains(text[0], StringComparison.Ordinal) || text[0] == ' ' || text[^1] == ' ' || text[^1] == ':')
        {
            return false;
        }

        // YamlDotNet takes a plain key with " *" in it for the beginning of a text.
        return !text.Contains(": ", StringComparison.Ordinal) && !text.Contains(" #", StringComparison.Ordinal) && !text.Contains(" *", StringComparison.Ordinal)
            && text.All(c => c >= ' ' && IsPrintable(c));
    }

    private static bool LiteralAllowed(string text) =>
        text[0] is not (' ' or '\n' or '\t') && text.All(c => c == '\n' || c == '\t' || (c >= ' ' && IsPrintable(c)))
        && !text.Contains(" \n", StringComparison.Ordinal) && !text.Contains("\t\n", StringComparison.Ordinal) && text[^1] is not (' ' or '\t');

    private static bool IsPrintable(char c) => c is not (>= '\u007f' and <= '\u00a0') and not ('\u2028' or '\u2029' or '\ufeff' or >= '\ufffe') && !char.IsSurrogate(c);

    private void Literal(string text, int indent)
    {
        var body = text.AsSpan().TrimEnd('\n');
        var trailing = text.Length - body.Length;
        _text.Append(trailing switch { 0 => "|-", 1 => "|", _ => "|+" });
        foreach (var line in text[..^Math.Min(trailing, 1)].Split('\n'))
        {
            _text.Append('\n');
            if (line.Length > 0)
            {
                _text.Append(' ', Math.Max(indent, 2)).Append(line);
            }
        }
    }

    private void Escaped(string text)
    {
        _text.Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => _text.Append("\\\""),
                '\\' => _text.Append("\\\\"),
                '\n' => _text.Append("\\n"),
                '\t' => _text.Append("\\t"),
                '\r' => _text.Append("\\r"),
                > 0xffff => _text.Append("\\U").Append(rune.Value.ToString("X8", CultureInfo.InvariantCulture)),
                var c when c < ' ' || !IsPrintable((char)c) => _text.Append("\\u").Append(c.ToString("X4", CultureInfo.InvariantCulture)),
                var c => _text.Append((char)c),
            };
        }

        _text.Append('"');
    }

    private static void Guard(int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidOperationException($"a value nested deeper than {MaxDepth} levels cannot be written");
        }
    }
}
