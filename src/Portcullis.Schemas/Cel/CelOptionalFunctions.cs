using static Portcullis.Schemas.Cel.CelType;

namespace Portcullis.Schemas.Cel;

/// <summary>Values that may be absent (cel-go OptionalTypes).</summary>
internal static class CelOptionalFunctions
{
    public static IEnumerable<CelOverload> All()
    {
        yield return new("optional.of", false, [A], OptionalOf(A), v => new CelOptional(v[0]));
        yield return new("optional.none", false, [], OptionalOf(A), _ => CelOptional.None);
        yield return new("optional.ofNonZeroValue", false, [A], OptionalOf(A), v => IsZero(v[0]) ? CelOptional.None : new CelOptional(v[0]));
        yield return new("hasValue", true, [OptionalOf(A)], Bool, v => CelEquality.Box(((CelOptional)v[0]!).HasValue));
        yield return new("value", true, [OptionalOf(A)], A, v => v[0] is CelOptional { HasValue: true } some ? some.Value : new CelFault("optional.none() dereference"));
        yield return new("or", true, [OptionalOf(A), OptionalOf(A)], OptionalOf(A), v => ((CelOptional)v[0]!).HasValue ? v[0] : v[1]);
        yield return new("orValue", true, [OptionalOf(A), A], A, v => v[0] is CelOptional { HasValue: true } some ? some.Value : v[1]);
    }

    private static bool IsZero(object? value) => value switch
    {
        null or false or 0L or 0UL or 0.0 or "" => true,
        byte[] { Length: 0 } => true,
        CelList { Count: 0 } or CelMap { Count: 0 } => true,
        CelDuration { Nanos: 0 } => true,
        CelOptional optional => !optional.HasValue,
        _ => false,
    };
}
