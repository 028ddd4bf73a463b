namespace Portcullis.Schemas.Cel;

/// <summary>
/// One signature of a function and what it does. A method's receiver is the first parameter. <see cref="Cost"/> is what it costs beyond one
/// unit, by its arguments. <see cref="Run"/> sees values of the declared kinds only.
/// </summary>
internal sealed record CelOverload(string Function, bool IsMethod, IReadOnlyList<CelType> Parameters, CelType Result, Func<object?[], object?> Run)
{
    public Func<object?[], long>? Cost { get; init; }

    /// <summary>Whether run-time values fit the parameters: what dyn hid from the checker is checked here.</summary>
    public bool Accepts(object?[] values)
    {
        if (values.Length != Parameters.Count)
        {
            return false;
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (!Fits(values[i], Parameters[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Fits(object? value, CelType type) => type.Kind switch
    {
        CelKind.Dyn or CelKind.Parameter => true,
        CelKind.Null => value is null,
        CelKind.Bool => value is bool,
        CelKind.Int => value is long,
        CelKind.Uint => value is ulong,
        CelKind.Double => value is double,
        CelKind.String => value is string,
        CelKind.Bytes => value is byte[],
        CelKind.Timestamp => value is CelTimestamp,
        CelKind.Duration => value is CelDuration,
        CelKind.List => value is CelList,
        CelKind.Map => value is CelMap,
        CelKind.Object => value is CelMap,
        CelKind.Optional => value is CelOptional,
        CelKind.Type => value is CelType,
        CelKind.Opaque => value is CelOpaque opaque && opaque.TypeName == type.Name,
        _ => false,
    };
}

/// <summary>A value of one of Kubernetes' library types; equal by its content.</summary>
internal abstract record CelOpaque
{
    public abstract string TypeName { get; }
}
