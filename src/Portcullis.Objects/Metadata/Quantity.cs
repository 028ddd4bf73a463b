using System.Globalization;
using System.Text.Json.Nodes;

namespace Portcullis.Objects;

/// <summary>
/// An amount of a resource: <c>100m</c>, <c>1.5Gi</c>, <c>2e3</c>. Compared by value; written in the canonical form of the style it
/// was read in (apimachinery api/resource).
/// </summary>
public readonly record struct Quantity : IComparable<Quantity>
{
    private const decimal Nano = 1e-9m;
    private static readonly (string Suffix, decimal Factor)[] Binary =
        [("Ei", 1152921504606846976m), ("Pi", 1125899906842624m), ("Ti", 1099511627776m), ("Gi", 1073741824m), ("Mi", 1048576m), ("Ki", 1024m)];

    private static readonly (string Suffix, decimal Factor)[] Decimal =
        [("E", 1e18m), ("P", 1e15m), ("T", 1e12m), ("G", 1e9m), ("M", 1e6m), ("k", 1e3m), ("", 1m), ("m", 1e-3m), ("u", 1e-6m), ("n", Nano)];

    private readonly Style _style;

    private Quantity(decimal value, Style style)
    {
        Value = value;
        _style = style;
    }

    private enum Style
    {
        DecimalSi,
        BinarySi,
        Exponent,
    }

    public static Quantity Zero { get; }

    public decimal Value { get; }

    public static Quantity Of(long count) => new(count, Style.DecimalSi);

    /// <summary>Null when the node is no quantity (a number counts as one).</summary>
    public static Quantity? Parse(JsonNode? node)
    {
        if (node is not JsonValue value)
        {
            return null;
        }

        return value.TryGetValue(out string? text) ? Parse(text) : Parse(value.ToJsonString());
    }

    /// <summary>Null when the text is no quantity or too large to be one.</summary>
    public static Quantity? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
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
            if (suffix is ['e' or 'E', _, ..] && int.TryParse(suffix.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power))
            {
                return Math.Abs(power) > 18 ? null : new Quantity(RoundUp(number * Power(power)), Style.Exponent);
            }

            foreach (var (name, factor) in Binary)
            {
                if (name == suffix)
                {
                    return new Quantity(RoundUp(number * factor), Style.BinarySi);
                }
            }

            foreach (var (name, factor) in Decimal)
            {
                if (name == suffix)
                {
                    return new Quantity(RoundUp(number * factor), Style.DecimalSi);
                }
            }
        }
        catch (OverflowException)
        {
            return null;
        }

        return null;
    }

    /// <summary>The sum, written as this one is (as the other when this is zero).</summary>
    public Quantity Plus(Quantity other) => new(Value + other.Value, Value == 0 ? other._style : _style);

    public Quantity Minus(Quantity other) => new(Value - other.Value, Value == 0 ? other._style : _style);

    public Quantity Max(Quantity other) => CompareTo(other) >= 0 ? this : other;

    public int CompareTo(Quantity other) => Value.CompareTo(other.Value);

    public static bool operator <(Quantity left, Quantity right) => left.Value < right.Value;

    public static bool operator >(Quantity left, Quantity right) => left.Value > right.Value;

    public static bool operator <=(Quantity left, Quantity right) => left.Value <= right.Value;

    public static bool operator >=(Quantity left, Quantity right) => left.Value >= right.Value;

    public bool Equals(Quantity other) => Value == other.Value;

    public override int GetHashCode() => Value.GetHashCode();

    public override string ToString()
    {
        if (Value == 0)
        {
            return "0";
        }

        // Below 1024, and with fractions, the binary style has no suffix.
        if (_style == Style.BinarySi && Math.Abs(Value) >= 1024 && decimal.Truncate(Value) == Value)
        {
            foreach (var (suffix, factor) in Binary)
            {
                if (Value % factor == 0)
                {
                    return Text(Value / factor) + suffix;
                }
            }

            return Text(Value);
        }

        foreach (var (suffix, factor) in Decimal)
        {
            if (Value % factor == 0)
            {
                return _style == Style.Exponent && factor != 1m
                    ? $"{Text(Value / factor)}e{(int)Math.Round(Math.Log10((double)factor))}"
                    : Text(Value / factor) + suffix;
            }
        }

        return Text(Value);
    }

    private static string Text(decimal value) => value.ToString("0.#########", CultureInfo.InvariantCulture);

    /// <summary>Nothing finer than nano exists; it is rounded away from zero, so that nothing becomes free.</summary>
    private static decimal RoundUp(decimal value)
    {
        var nanos = Math.Abs(value) > 1e18m ? value / Nano : value * 1e9m;
        return (value < 0 ? Math.Floor(nanos) : Math.Ceiling(nanos)) * Nano;
    }

    private static decimal Power(int power)
    {
        var result = 1m;
        for (var i = 0; i < Math.Abs(power); i++)
        {
            result = power > 0 ? result * 10m : result / 10m;
        }

        return result;
    }
}
