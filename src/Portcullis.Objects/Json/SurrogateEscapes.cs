using System.Buffers.Text;

namespace Portcullis.Objects.Json;

/// <summary>
/// Escapes such as <c>\ud83d\ude00</c>, which stand for one character together. Half of such a pair is taken by the parser, and then throws where somebody
/// reads the string.
/// </summary>
internal static class SurrogateEscapes
{
    private const int Length = 6;

    /// <summary>Whether each has its other half. In JSON a backslash is always in a string.</summary>
    public static bool AreWhole(ReadOnlySpan<byte> json)
    {
        for (var at = json.IndexOf((byte)'\\'); at >= 0; at = json.IndexOf((byte)'\\'))
        {
            json = json[at..];
            var unit = Unit(json);
            if (unit is >= 0xDC00 and <= 0xDFFF || (unit is >= 0xD800 and <= 0xDBFF && Unit(json[Length..]) is not (>= 0xDC00 and <= 0xDFFF)))
            {
                return false;
            }

            json = json[Math.Min(json.Length, unit is >= 0xD800 and <= 0xDBFF ? 2 * Length : 2)..];
        }

        return true;
    }

    /// <summary>The number of an escape that the text begins with; else null.</summary>
    private static int? Unit(ReadOnlySpan<byte> text) =>
        text.Length >= Length && text[0] == '\\' && text[1] == 'u' && Utf8Parser.TryParse(text[2..Length], out int unit, out var used, 'X') && used == Length - 2 ? unit : null;
}
