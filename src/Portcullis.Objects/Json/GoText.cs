using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portcullis.Objects.Json;

/// <summary>Values as Go prints them, since API errors quote values that way and clients compare whole messages.</summary>
public static class GoText
{
    /// <summary><c>%q</c>.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\a' => quoted.Append("\\a"),
                '\b' => quoted.Append("\\b"),
                '\f' => quoted.Append("\\f"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                '\v' => quoted.Append("\\v"),
                < ' ' or 0x7f => quoted.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                _ when Rune.IsControl(rune) || (Rune.IsWhiteSpace(rune) && rune.Value != ' ') || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
                    => quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => quoted.Append(rune),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary><c>%v</c> of a float64: the shortest digits that read back equal, with an exponent below 1e-4 and from 1e6 on (<c>1e+06</c>).</summary>
    public static string Float(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        }

        if (value == 0)
        {
            return "0";
        }

        var size = Math.Abs(value);
        var plain = JsonNumber.Text(value);
        if (size is >= 1e-4 and < 1e6 && !plain.Contains('e', StringComparison.Ordinal))
        {
            return plain;
        }

        var (digits, exponent) = Shortest(size);
        var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return string.Create(CultureInfo.InvariantCulture, $"{(value < 0 ? "-" : "")}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    /// <summary>The shortest digits of a positive number, and the exponent of the first.</summary>
    private static (string Digits, int Exponent) Shortest(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = mark < 0 ? text : text[..mark];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa : mantissa[..point];
        var digits = whole + (point < 0 ? "" : mantissa[(point + 1)..]);
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits.Trim('0');
        return (digits, exponent + whole.Length - 1 - leading);
    }

    /// <summary>How field errors show a bad value: texts quoted, numbers and booleans plain, everything else as JSON with sorted keys.</summary>
    public static string Value(JsonNode? node)
    {
        switch (node)
        {
            case null:
                return "null";
            case JsonValue value:
                return value.GetValueKind() switch
                {
                    JsonValueKind.String => Quote(value.GetValue<string>()),
                    JsonValueKind.Number => JsonNumber.TryInt64(value, out var whole) ? whole.ToString(CultureInfo.InvariantCulture)
                        : JsonNumber.TryDouble(value, out var number) ? Float(number) : value.ToJsonString(),
                    _ => value.ToJsonString(),
                };
            default:
                return CanonicalJson.ToText(node);
        }
    }
}
