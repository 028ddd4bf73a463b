using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portcullis.Objects.Json;

/// <summary>
/// Numbers as Kubernetes keeps them: an integer that fits 64 bits stays exact, everything else is a double, written as Go writes it
/// (<c>1.5</c>, <c>1e+21</c>; <c>1.0</c> becomes <c>1</c>). Values are made from JSON text, so that <c>GetValue&lt;int&gt;</c>, <c>long</c> and <c>double</c> all work on them.
/// </summary>
public static class JsonNumber
{
    private static readonly JsonElement[] Small = [.. Enumerable.Range(0, 1024).Select(i => JsonElement.Parse(Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture))))];

    public static JsonValue Create(long value) => value is >= 0 and < 1024 ? JsonValue.Create(Small[value])! : FromText(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>The number as JSON; null for what JSON cannot hold (infinities, NaN).</summary>
    public static JsonValue? Create(double value)
    {
        if (!double.IsFinite(value))
        {
            return null;
        }

        return value == Math.Floor(value) && Math.Abs(value) < 9007199254740992 ? Create((long)value) : FromText(Text(value));
    }

    /// <summary>The exact integer, when the value is a JSON number without a fraction that fits 64 bits.</summary>
    public static bool TryInt64(JsonNode? node, out long number)
    {
        number = 0;
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
        {
            return false;
        }

        if (value.TryGetValue(out number))
        {
            return true;
        }

        if (value.TryGetValue(out int small))
        {
            number = small;
            return true;
        }

        return long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    public static bool TryDouble(JsonNode? node, out double number)
    {
        number = 0;
        return node is JsonValue value && value.GetValueKind() == JsonValueKind.Number
            && (value.TryGetValue(out number) || double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number));
    }

    /// <summary>How Go's encoding/json writes a float64: the shortest digits that read back equal, an exponent below 1e-6 and from 1e21 on.</summary>
    public static string Text(double value)
    {
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var size = Math.Abs(value);
        var wantsExponent = size != 0 && (size < 1e-6 || size >= 1e21);
        var mark = shortest.IndexOf('E', StringComparison.Ordinal);
        if (mark < 0)
        {
            return shortest;
        }

        var mantissa = shortest[..mark];
        var exponent = int.Parse(shortest.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return wantsExponent
            ? string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent)}")
            : Plain(mantissa, exponent);
    }

    private static JsonValue FromText(string text) => JsonValue.Create(JsonElement.Parse(Encoding.ASCII.GetBytes(text)))!;

    private static string Plain(string mantissa, int exponent)
    {
        var sign = mantissa.StartsWith('-') ? "-" : "";
        var digits = mantissa.TrimStart('-').Replace(".", "", StringComparison.Ordinal);
        if (exponent < 0)
        {
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        }

        return digits.Length <= exponent + 1
            ? sign + digits.PadRight(exponent + 1, '0')
            : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }
}
