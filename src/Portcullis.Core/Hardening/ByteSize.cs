using System.Globalization;

namespace Portcullis.Core.Hardening;

/// <summary>A size as an engine reads it: a number and a unit of powers of 1,024, in any case.</summary>
internal static class ByteSize
{
    private const string Units = "KMGTP";

    /// <summary>Null when it is no size.</summary>
    public static long? Parse(string text)
    {
        var number = text.AsSpan().Trim().TrimEnd("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ").Trim();
        var unit = text.AsSpan().Trim()[number.Length..].Trim().ToString().ToUpperInvariant().TrimEnd('B').TrimEnd('I');
        var power = unit.Length == 0 ? 0 : unit.Length == 1 ? Units.IndexOf(unit[0], StringComparison.Ordinal) + 1 : 0;
        return (unit.Length == 0 || power > 0) && decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value < long.MaxValue / 1024
            ? Scale(value, power)
            : null;
    }

    private static long? Scale(decimal value, int power)
    {
        for (; power > 0; power--)
        {
            value *= 1024;
        }

        return value <= long.MaxValue ? (long)value : null;
    }
}
