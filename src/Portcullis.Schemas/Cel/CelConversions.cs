using System.Globalization;
using System.Text;
using static Portcullis.Schemas.Cel.CelType;

namespace Portcullis.Schemas.Cel;

/// <summary><c>int()</c>, <c>string()</c> and their kin, <c>type()</c> and <c>dyn()</c>.</summary>
internal static class CelConversions
{
    public static IEnumerable<CelOverload> All()
    {
        yield return new("dyn", false, [A], Dyn, v => v[0]);
        yield return new("type", false, [A], CelType.TypeOf(A), v => Of(v[0]));
        foreach (var type in new[] { Int, Uint, CelType.Double, CelType.String, Timestamp })
        {
            yield return new("int", false, [type], Int, v => ToInt(v[0]!));
        }

        foreach (var type in new[] { Int, Uint, CelType.Double, CelType.String })
        {
            yield return new("uint", false, [type], Uint, v => ToUint(v[0]!));
            yield return new("double", false, [type], CelType.Double, v => ToDouble(v[0]!));
        }

        foreach (var type in new[] { CelType.String, Bool, Int, Uint, CelType.Double, Bytes, Timestamp, Duration })
        {
            yield return new("string", false, [type], CelType.String, v => CelText.From(v[0]) ?? (object)new CelFault("invalid UTF-8 in bytes, cannot convert to string")) { Cost = v => CelCosts.Text(v[0]) };
        }

        yield return new("bytes", false, [Bytes], Bytes, v => v[0]);
        yield return new("bytes", false, [CelType.String], Bytes, v => Encoding.UTF8.GetBytes((string)v[0]!)) { Cost = v => CelCosts.Text(v[0]) };
        yield return new("bool", false, [Bool], Bool, v => v[0]);
        yield return new("bool", false, [CelType.String], Bool, v => ToBool((string)v[0]!));
        yield return new("timestamp", false, [Timestamp], Timestamp, v => v[0]);
        yield return new("timestamp", false, [Int], Timestamp, v => CelTime.Add(new CelTimestamp(0, 0), (Int128)(long)v[0]! * 1_000_000_000));
        yield return new("timestamp", false, [CelType.String], Timestamp, v => CelTime.ParseTimestamp((string)v[0]!) ?? (object)new CelFault($"invalid timestamp: {v[0]}"));
        yield return new("duration", false, [Duration], Duration, v => v[0]);
        yield return new("duration", false, [Int], Duration, v => new CelDuration((long)v[0]!));
        yield return new("duration", false, [CelType.String], Duration, v => CelTime.ParseDuration((string)v[0]!) ?? (object)new CelFault($"invalid duration: {v[0]}"));
    }

    /// <summary>The type of a value as <c>type()</c> gives it.</summary>
    public static CelType Of(object? value) => value switch
    {
        null => Null,
        bool => Bool,
        long => Int,
        ulong => Uint,
        double => CelType.Double,
        string => CelType.String,
        byte[] => Bytes,
        CelTimestamp => Timestamp,
        CelDuration => Duration,
        CelList => ListOf(Dyn),
        CelJsonMap { Type.Kind: CelKind.Object } map => map.Type,
        CelMap => MapOf(Dyn, Dyn),
        CelOptional => OptionalOf(Dyn),
        CelType => CelType.TypeOf(Dyn),
        CelOpaque opaque => new CelType(CelKind.Opaque, opaque.TypeName),
        _ => Error,
    };

    private static object ToInt(object value) => value switch
    {
        long n => n,
        ulong n => n <= long.MaxValue ? (long)n : new CelFault("integer overflow"),
        double n => n > -9.2233720368547758e18 && n < 9.2233720368547758e18 ? (long)n : new CelFault("integer overflow"),
        CelTimestamp time => time.Seconds,
        string text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : Cannot(text, "int"),
        _ => CelFault.NoOverload,
    };

    private static object ToUint(object value) => value switch
    {
        ulong n => n,
        long n => n >= 0 ? (ulong)n : new CelFault("unsigned integer overflow"),
        double n => n >= 0 && n < 1.8446744073709552e19 ? (ulong)n : new CelFault("unsigned integer overflow"),
        string text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : Cannot(text, "uint"),
        _ => CelFault.NoOverload,
    };

    private static object ToDouble(object value) => value switch
    {
        double n => n,
        long n => (double)n,
        ulong n => (double)n,
        string text => double.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var n) ? n : Cannot(text, "double"),
        _ => CelFault.NoOverload,
    };

    private static object ToBool(string text) => text switch
    {
        "true" or "TRUE" or "True" or "t" or "1" => CelEquality.True,
        "false" or "FALSE" or "False" or "f" or "0" => CelEquality.False,
        _ => Cannot(text, "bool"),
    };

    private static CelFault Cannot(string text, string type) => new($"type conversion error from 'string' to '{type}': {text}");
}
