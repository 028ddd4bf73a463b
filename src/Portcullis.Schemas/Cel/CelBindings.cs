namespace Portcullis.Schemas.Cel;

/// <summary>When a value of one type may stand where another is wanted (cel-go's checker/types.go); type parameters are bound as they are met.</summary>
internal sealed class CelBindings
{
    private readonly Dictionary<string, CelType> _bound = new(StringComparer.Ordinal);

    public bool Assign(CelType given, CelType wanted)
    {
        if (wanted.Kind == CelKind.Parameter)
        {
            return Bind(given, wanted);
        }

        if (given.IsDynamic || wanted.IsDynamic)
        {
            return true;
        }

        if (given.Kind == CelKind.Null && wanted.Kind is CelKind.Object or CelKind.Timestamp or CelKind.Duration or CelKind.Opaque or CelKind.Optional)
        {
            return true;
        }

        if (given.Kind != wanted.Kind)
        {
            return false;
        }

        return given.Kind switch
        {
            CelKind.List or CelKind.Optional => Assign(given.Parameters[0], wanted.Parameters[0]),
            CelKind.Map => Assign(given.Parameters[0], wanted.Parameters[0]) && Assign(given.Parameters[1], wanted.Parameters[1]),
            CelKind.Object or CelKind.Opaque => given.Name == wanted.Name,
            _ => true,
        };
    }

    /// <summary>The type with every parameter replaced by what it was bound to; dyn where nothing bound it.</summary>
    public CelType Substitute(CelType type) => type.Kind switch
    {
        CelKind.Parameter => _bound.TryGetValue(type.Name, out var bound) ? bound : CelType.Dyn,
        CelKind.List => Substitute(type.Parameters[0]) is var e && ReferenceEquals(e, type.Parameters[0]) ? type : CelType.ListOf(e),
        CelKind.Map => CelType.MapOf(Substitute(type.Parameters[0]), Substitute(type.Parameters[1])),
        CelKind.Optional => CelType.OptionalOf(Substitute(type.Parameters[0])),
        CelKind.Type => CelType.TypeOf(Substitute(type.Parameters[0])),
        _ => type,
    };

    /// <summary>The type that both fit, or null.</summary>
    public static CelType? Join(CelType left, CelType right)
    {
        if (new CelBindings().Assign(right, left))
        {
            return right.Kind == CelKind.Dyn ? right : left;
        }

        return new CelBindings().Assign(left, right) ? right : null;
    }

    private bool Bind(CelType given, CelType parameter)
    {
        if (!_bound.TryGetValue(parameter.Name, out var bound))
        {
            _bound[parameter.Name] = given;
            return true;
        }

        if (Join(bound, given) is not { } joined)
        {
            return false;
        }

        _bound[parameter.Name] = joined;
        return true;
    }
}
