using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Objects.Yaml;

/// <summary>What kind of value a plain scalar is.</summary>
internal enum ScalarKind
{
    Text,
    Null,
    Boolean,
    Integer,
    Float,
}

/// <summary>
/// What an unquoted scalar means: go-yaml v2's <c>resolve</c>, rule by rule. Where it differs from YAML 1.2: <c>y n yes no on off</c> are booleans;
/// <c>017</c>, <c>0o17</c>, <c>0x1F</c> and <c>0b11</c> are integers; underscores are dropped from numbers; <c>08</c> is the float 8. Sexagesimals stay text.
/// </summary>
internal static class ScalarResolver
{
    /// <summary>A scalar that became JSON, or the reason why it cannot.</summary>
    public readonly record struct Resolved(ScalarKind Kind, JsonNode? Value, string? Error = null);

    private static readonly Dictionary<string, bool> Booleans = new(StringComparer.Ordinal)
    {
        ["y"] = true, ["Y"] = true, ["yes"] = true, ["Yes"] = true, ["YES"] = true,
        ["true"] = true, ["True"] = true, ["TRUE"] = true, ["on"] = true, ["On"] = true, ["ON"] = true,
        ["n"] = false, ["N"] = false, ["no"] = false, ["No"] = false, ["NO"] = false,
        ["false"] = false, ["False"] = false, ["FALSE"] = false, ["off"] = false, ["Off"] = false, ["OFF"] = false,
    };

    public static Resolved Plain(string text)
    {
        if (text.Length == 0)
        {
            return new Resolved(ScalarKind.Null, null);
        }

        switch (text[0])
        {
            case 'y' or 'Y' or 'n' or 'N' or 't' or 'T' or 'f' or 'F' or 'o' or 'O' or '~':
                if (Booleans.TryGetValue(text, out var flag))
                {
                    return new Resolved(ScalarKind.Boolean, JsonValue.Create(flag));
                }

                return text is "~" or "null" or "Null" or "NULL" ? new Resolved(ScalarKind.Null, null) : Text(text);
            case '.':
                return Special(text) ?? Decimal(text) ?? Text(text);
            case '+' or '-' or (>= '0' and <= '9'):
                return Special(text) ?? Number(text.Contains('_', StringComparison.Ordinal) ? text.Replace("_", "", StringComparison.Ordinal) : text) ?? Text(text);
            default:
                return Text(text);
        }
    }

    /// <summary>A scalar with an explicit tag; <paramref name="tag"/> is the full name.</summary>
    public static Resolved Tagged(string tag, string text, bool plain)
    {
        const string Core = "tag:yaml.org,2002:";
        var name = tag.StartsWith(Core, StringComparison.Ordinal) ? tag[Core.Length..] : null;
        switch (name)
        {
            case "binary":
                return Binary(text);
            case "null" or "bool" or "int" or "float":
                var resolved = Plain(text);
                var fits = (name, resolved.Kind) is ("null", ScalarKind.Null) or ("bool", ScalarKind.Boolean) or ("int", ScalarKind.Integer)
                    or ("float", ScalarKind.Float) or ("float", ScalarKind.Integer);
                return fits ? resolved : new Resolved(ScalarKind.Text, null, $"cannot decode `{text}` as a !!{name}");
            case null when tag == "?" && plain:
                return Plain(text);
            default:
                return Text(text);
        }
    }

    private static Resolved Text(string text) => new(ScalarKind.Text, JsonValue.Create(text));

    private static Resolved? Special(string text) => text switch
    {
        ".nan" or ".NaN" or ".NAN" or ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" or "-.inf" or "-.Inf" or "-.INF"
            => new Resolved(ScalarKind.Float, null, $"JSON has no number {text}; quote it if a text is meant"),
        _ => null,
    };

    private static Resolved? Number(string text)
    {
        if (text.Length is 0 or > 400)
        {
            return null;
        }

        var negative = text[0] == '-';
        var digits = text[0] is '+' or '-' ? text.AsSpan(1) : text;
        if (Radix(digits, out var radix, out var prefix) && Magnitude(digits[prefix..], radix) is { } magnitude)
        {
            return Integer(magnitude, negative);
        }

        return LooksDecimal(text) ? Decimal(text) : null;
    }

    private static Resolved? Integer(UInt128 magnitude, bool negative)
    {
        if (magnitude <= (UInt128)long.MaxValue + (negative ? 1u : 0u))
        {
            return new Resolved(ScalarKind.Integer, JsonNumber.Create(negative ? (long)-(Int128)magnitude : (long)magnitude));
        }

        // What does not fit int64 becomes a float64 when Kubernetes decodes the JSON.
        return new Resolved(ScalarKind.Integer, JsonNumber.Create((negative ? -1.0 : 1.0) * (double)magnitude));
    }

    /// <summary>Go's strconv base 0: 0x, 0o or a leading 0, 0b, else decimal.</summary>
    private static bool Radix(ReadOnlySpan<char> digits, out int radix, out int prefix)
    {
        (radix, prefix) = (10, 0);
        if (digits.Length >= 2 && digits[0] == '0')
        {
            (radix, prefix) = digits[1] switch
            {
                'x' or 'X' => (16, 2),
                'o' or 'O' => (8, 2),
                'b' or 'B' => (2, 2),
                _ => (8, 1),
            };
        }

        return digits.Length > prefix;
    }

    private static UInt128? Magnitude(ReadOnlySpan<char> digits, int radix)
    {
        UInt128 value = 0;
        foreach (var c in digits)
        {
            var digit = c switch { >= '0' and <= '9' => c - '0', >= 'a' and <= 'f' => c - 'a' + 10, >= 'A' and <= 'F' => c - 'A' + 10, _ => 99 };
            if (digit >= radix)
            {
                return null;
            }

            value = (value * (uint)radix) + (uint)digit;
            if (value > ulong.MaxValue)
            {
                return null;
            }
        }

        return value;
    }

    /// <summary>go-yaml's yamlStyleFloat: <c>[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?</c>.</summary>
    private static bool LooksDecimal(ReadOnlySpan<char> text)
    {
        var at = text[0] is '+' or '-' ? 1 : 0;
        var whole = Digits(text, ref at);
        if (at < text.Length && text[at] == '.')
        {
            at++;
            if (Digits(text, ref at) == 0 && whole == 0)
            {
                return false;
            }
        }
        else if (whole == 0)
        {
            return false;
        }

        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at++;
            at += at < text.Length && text[at] is '+' or '-' ? 1 : 0;
            if (Digits(text, ref at) == 0)
            {
                return false;
            }
        }

        return at == text.Length;
    }

    private static int Digits(ReadOnlySpan<char> text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at - start;
    }

    private static Resolved? Decimal(string text)
    {
        if (!LooksDecimal(text) || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        // Go's ParseFloat refuses what overflows, so such a text stays a text.
        return double.IsFinite(number) ? new Resolved(ScalarKind.Float, JsonNumber.Create(number)) : null;
    }

    private static Resolved Binary(string text)
    {
        try
        {
            return Text(new UTF8Encoding(false, true).GetString(Convert.FromBase64String(text)));
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            return new Resolved(ScalarKind.Text, null, "!!binary value is not base64 of UTF-8 text");
        }
    }
}
