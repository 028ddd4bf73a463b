using System.Globalization;

namespace Portcullis.Core.Collections;

/// <summary>
/// An amount as Kubernetes writes it (resource.Quantity): <c>500m</c>, <c>2</c>, <c>1Gi</c>, <c>1e3</c>. Only compared, never computed with;
/// the server rewrites <c>1000m</c> to <c>1</c>, so texts say nothing.
/// </summary>
public readonly record struct Quantity(decimal Value) : IComparable<Quantity>
{
    private static readonly Dictionary<string, decimal> Suffixes = new(StringComparer.Ordinal)
    {
        ["n"] = 0.000000001m,
        ["u"] = 0.000001m,
        ["m"] = 0.001m,
        [""] = 1m,
        ["k"] = 1e3m,
        ["M"] = 1e6m,
        ["G"] = 1e9m,
        ["T"] = 1e12m,
        ["P"] = 1e15m,
        ["E"] = 1e18m,
        ["Ki"] = 1024m,
        ["Mi"] = 1024m * 1024,
        ["Gi"] = 1024m * 1024 * 1024,
        ["Ti"] = 1024m * 1024 * 1024 * 1024,
        ["Pi"] = 1024m * 1024 * 1024 * 1024 * 1024,
        ["Ei"] = 1024m * 1024 * 1024 * 1024 * 1024 * 1024,
    };

    /// <summary>Null when the text is no quantity or too large to be one.</summary>
    public static Quantity? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > 40)
        {
            return null;
        }

        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.' || (end == 0 && text[end] is '+' or '-')))
        {
            end++;
        }

        var suffix = text[end..];
        if (!decimal.TryParse(text.AsSpan(0, end), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        try
        {
            return Suffixes.TryGetValue(suffix, out var factor) ? new Quantity(number * factor) : Exponent(number, suffix);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    public int CompareTo(Quantity other) => Value.CompareTo(other.Value);

    public static bool operator <(Quantity left, Quantity right) => left.Value < right.Value;

    public static bool operator >(Quantity left, Quantity right) => left.Value > right.Value;

    public static bool operator <=(Quantity left, Quantity right) => left.Value <= right.Value;

    public static bool operator >=(Quantity left, Quantity right) => left.Value >= right.Value;

    private static Quantity? Exponent(decimal number, string suffix)
    {
        if (suffix.Length < 2 || suffix[0] is not ('e' or 'E')
            || !int.TryParse(suffix.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent)
            || Math.Abs(exponent) > 18)
        {
            return null;
        }

        for (var i = 0; i < Math.Abs(exponent); i++)
        {
            number = exponent > 0 ? number * 10 : number / 10;
        }

        return new Quantity(number);
    }
}
