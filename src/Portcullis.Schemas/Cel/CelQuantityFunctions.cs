using System.Buffers;
using System.Globalization;
using System.Numerics;
using static Portcullis.Schemas.Cel.CelType;

namespace Portcullis.Schemas.Cel;

/// <summary>An amount (apimachinery resource.Quantity) as an exact fraction of powers of ten and two.</summary>
internal sealed record CelQuantity(BigInteger Nanos) : CelOpaque, IComparable<CelQuantity>
{
    /// <summary>Quantities are kept to a billionth; smaller parts round up, as apimachinery does.</summary>
    public static readonly BigInteger Scale = 1_000_000_000;

    private static readonly SearchValues<char> NumberParts = SearchValues.Create("+-.0123456789");

    public override string TypeName => CelType.Quantity.Name;

    public int CompareTo(CelQuantity? other) => Nanos.CompareTo(other?.Nanos ?? 0);

    public static bool operator <(CelQuantity left, CelQuantity right) => left.CompareTo(right) < 0;

    public static bool operator >(CelQuantity left, CelQuantity right) => left.CompareTo(right) > 0;

    public static bool operator <=(CelQuantity left, CelQuantity right) => left.CompareTo(right) <= 0;

    public static bool operator >=(CelQuantity left, CelQuantity right) => left.CompareTo(right) >= 0;

    public static CelQuantity? Parse(string text)
    {
        var end = text.AsSpan().IndexOfAnyExcept(NumberParts);
        var number = end < 0 ? text : text[..end];
        var suffix = end < 0 ? "" : text[end..];
        if (number.Length > 40 || !number.AsSpan().ContainsAnyInRange('0', '9') || number.LastIndexOfAny(['+', '-']) > 0 || Factor(suffix) is not { } factor)
        {
            return null;
        }

        var negative = number[0] == '-';
        var parts = number.TrimStart('+', '-').Split('.');
        if (parts.Length > 2)
        {
            return null;
        }

        var fraction = parts.Length == 2 ? parts[1] : "";
        var digits = BigInteger.Parse("0" + parts[0] + fraction, NumberStyles.None, CultureInfo.InvariantCulture);
        var (numerator, denominator) = (digits * factor.Numerator * Scale, factor.Denominator * BigInteger.Pow(10, fraction.Length));
        var nanos = BigInteger.DivRem(numerator, denominator, out var rest) + (rest.IsZero ? 0 : 1);
        return new CelQuantity(negative ? -nanos : nanos);
    }

    private static (BigInteger Numerator, BigInteger Denominator)? Factor(string suffix)
    {
        if (suffix.Length >= 2 && suffix[0] is 'e' or 'E' && int.TryParse(suffix.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power) && Math.Abs(power) <= 100)
        {
            return power >= 0 ? (BigInteger.Pow(10, power), 1) : (1, BigInteger.Pow(10, -power));
        }

        return suffix switch
        {
            "" => (1, 1),
            "n" => (1, 1_000_000_000), "u" => (1, 1_000_000), "m" => (1, 1000),
            "k" => (1000, 1), "M" => (1_000_000, 1), "G" => (1_000_000_000, 1), "T" => (BigInteger.Pow(10, 12), 1), "P" => (BigInteger.Pow(10, 15), 1), "E" => (BigInteger.Pow(10, 18), 1),
            "Ki" => (1 << 10, 1), "Mi" => (1 << 20, 1), "Gi" => (1 << 30, 1), "Ti" => (BigInteger.One << 40, 1), "Pi" => (BigInteger.One << 50, 1), "Ei" => (BigInteger.One << 60, 1),
            _ => null,
        };
    }
}

/// <summary>Kubernetes' quantity library.</summary>
internal static class CelQuantityFunctions
{
    public static IEnumerable<CelOverload> All()
    {
        yield return new("quantity", false, [CelType.String], CelType.Quantity, v => CelQuantity.Parse((string)v[0]!) ?? (object)new CelFault("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"));
        yield return new("isQuantity", false, [CelType.String], Bool, v => CelEquality.Box(CelQuantity.Parse((string)v[0]!) is not null));
        yield return new("sign", true, [CelType.Quantity], Int, v => (long)((CelQuantity)v[0]!).Nanos.Sign);
        yield return new("isInteger", true, [CelType.Quantity], Bool, v => CelEquality.Box(Whole(v[0]) is not null));
        yield return new("asInteger", true, [CelType.Quantity], Int, v => Whole(v[0]) ?? (object)new CelFault("cannot convert value to integer"));
        yield return new("asApproximateFloat", true, [CelType.Quantity], CelType.Double, v => (double)((CelQuantity)v[0]!).Nanos / 1e9);
        yield return new("compareTo", true, [CelType.Quantity, CelType.Quantity], Int, v => (long)Math.Sign(((CelQuantity)v[0]!).CompareTo((CelQuantity)v[1]!)));
        yield return new("isGreaterThan", true, [CelType.Quantity, CelType.Quantity], Bool, v => CelEquality.Box((CelQuantity)v[0]! > (CelQuantity)v[1]!));
        yield return new("isLessThan", true, [CelType.Quantity, CelType.Quantity], Bool, v => CelEquality.Box((CelQuantity)v[0]! < (CelQuantity)v[1]!));
        foreach (var (name, sign) in new[] { ("add", 1), ("sub", -1) })
        {
            yield return new(name, true, [CelType.Quantity, CelType.Quantity], CelType.Quantity, v => new CelQuantity(((CelQuantity)v[0]!).Nanos + (sign * ((CelQuantity)v[1]!).Nanos)));
            yield return new(name, true, [CelType.Quantity, Int], CelType.Quantity, v => new CelQuantity(((CelQuantity)v[0]!).Nanos + (sign * (long)v[1]! * CelQuantity.Scale)));
        }
    }

    private static long? Whole(object? value)
    {
        var whole = BigInteger.DivRem(((CelQuantity)value!).Nanos, CelQuantity.Scale, out var rest);
        return rest.IsZero && whole >= long.MinValue && whole <= long.MaxValue ? (long)whole : null;
    }
}
