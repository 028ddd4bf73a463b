namespace Portcullis.Schemas.Cel;

/// <summary>
/// Gives every node its type and leaves the overloads that may apply, with cel-go's words for what does not fit (checker/checker.go). A node that
/// failed has the error type, which fits everywhere, so that one mistake is reported once.
/// </summary>
internal sealed class CelChecker
{
    /// <summary>As deep as a tree may be: evaluation recurses that far.</summary>
    public const int MaxDepth = 1000;

    private static readonly Dictionary<string, CelType> TypeNames = new[]
    {
        CelType.Bool, CelType.Int, CelType.Uint, CelType.Double, CelType.String, CelType.Bytes, CelType.Url, CelType.Quantity, CelType.Ip, CelType.Cidr, CelType.Semver,
    }.ToDictionary(t => t.Name, StringComparer.Ordinal);

    private readonly CelIssues _issues;
    private readonly List<(string Name, CelType Type, int Slot)> _scope = [];
    private int _depth;

    static CelChecker()
    {
        TypeNames["list"] = CelType.ListOf(CelType.Dyn);
        TypeNames["map"] = CelType.MapOf(CelType.Dyn, CelType.Dyn);
        TypeNames["null_type"] = CelType.Null;
        TypeNames["type"] = CelType.TypeOf(CelType.Dyn);
        TypeNames["google.protobuf.Timestamp"] = CelType.Timestamp;
        TypeNames["google.protobuf.Duration"] = CelType.Duration;
    }

    public CelChecker(CelIssues issues, IReadOnlyList<KeyValuePair<string, CelType>> variables)
    {
        _issues = issues;
        foreach (var (name, type) in variables)
        {
            _scope.Add((name, type, _scope.Count));
        }

        Slots = _scope.Count;
    }

    /// <summary>How many variables are ever in scope at once.</summary>
    public int Slots { get; private set; }

    /// <summary>Names of the outer variables that are used.</summary>
    public HashSet<string> Used { get; } = new(StringComparer.Ordinal);

    public CelType Check(CelNode node)
    {
        if (++_depth > MaxDepth)
        {
            _issues.Add(node.Position, $"expression recursion limit exceeded: {MaxDepth}");
            _depth--;
            return node.Type = CelType.Error;
        }

        node.Type = node switch
        {
            CelLiteral literal => CelConversions.Of(literal.Value),
            CelIdentifier identifier => Identifier(identifier),
            CelSelect select => Select(select),
            CelCall call => Call(call),
            CelListLiteral list => List(list),
            CelMapLiteral map => Map(map),
            CelMacro macro => Macro(macro),
            _ => CelType.Error,
        };
        _depth--;
        return node.Type;
    }

    private CelType Identifier(CelIdentifier identifier)
    {
        var at = _scope.FindLastIndex(v => v.Name == identifier.Name);
        if (at >= 0)
        {
            Used.Add(identifier.Name);
            identifier.Slot = _scope[at].Slot;
            return _scope[at].Type;
        }

        if (TypeNames.TryGetValue(identifier.Name, out var type))
        {
            identifier.TypeValue = type;
            return CelType.TypeOf(type);
        }

        return Undeclared(identifier.Position, identifier.Name);
    }

    private CelType Undeclared(CelPosition position, string name)
    {
        _issues.Add(position, $"undeclared reference to '{name}' (in container '')");
        return CelType.Error;
    }

    /// <summary><c>a.b.c</c> as a name, when it is one and <c>a</c> is no variable.</summary>
    private string? QualifiedName(CelNode node) => node switch
    {
        CelIdentifier identifier => _scope.Exists(v => v.Name == identifier.Name) ? null : identifier.Name,
        CelSelect { TestOnly: false, Optional: false } select => QualifiedName(select.Operand) is { } prefix ? $"{prefix}.{select.Field}" : null,
        _ => null,
    };

    private CelType Select(CelSelect select)
    {
        if (QualifiedName(select) is { } name && TypeNames.TryGetValue(name, out var named))
        {
            select.TypeValue = named;
            return CelType.TypeOf(named);
        }

        var operand = Check(select.Operand);
        var optional = operand.Kind == CelKind.Optional;
        var target = optional ? operand.Parameters[0] : operand;
        CelType result;
        switch (target.Kind)
        {
            case CelKind.Map:
                result = target.Parameters[1];
                break;
            case CelKind.Object:
                if (target.Fields.TryGetValue(select.Field, out var field))
                {
                    result = field.Type;
                    break;
                }

                _issues.Add(select.Position, $"undefined field '{select.Field}'");
                result = CelType.Error;
                break;
            case CelKind.Dyn or CelKind.Error or CelKind.Parameter:
                result = CelType.Dyn;
                break;
            default:
                _issues.Add(select.Position, $"type '{target}' does not support field selection");
                result = CelType.Error;
                break;
        }

        return select.TestOnly ? CelType.Bool : optional || select.Optional ? CelType.OptionalOf(result) : result;
    }

    private CelType Call(CelCall call)
    {
        if (call.Target is { } namespaced && QualifiedName(namespaced) is { } prefix && CelLibrary.Find($"{prefix}.{call.Function}") is not null)
        {
            call.Function = $"{prefix}.{call.Function}";
            call.Target = null;
        }

        call.Operands = call.Target is null ? call.Arguments : [call.Target, .. call.Arguments];
        var types = call.Operands.Select(Check).ToList();
        switch (call.Function)
        {
            case "_&&_" or "_||_":
                return Logic(call, types);
            case "_?_:_":
                return Conditional(call, types);
        }

        if (CelLibrary.Find(call.Function) is not { } overloads)
        {
            return Undeclared(call.Position, call.Function);
        }

        return Resolve(call, overloads, types);
    }

    private CelType Logic(CelCall call, List<CelType> types)
    {
        for (var i = 0; i < types.Count; i++)
        {
            Expect(CelType.Bool, types[i], call.Operands[i].Position);
        }

        return CelType.Bool;
    }

    private void Expect(CelType wanted, CelType found, CelPosition position)
    {
        if (!new CelBindings().Assign(found, wanted))
        {
            _issues.Add(position, $"expected type '{wanted}' but found '{found}'");
        }
    }

    private CelType Conditional(CelCall call, List<CelType> types)
    {
        var joined = CelBindings.Join(types[1], types[2]);
        if (joined is null || !new CelBindings().Assign(types[0], CelType.Bool))
        {
            return NoOverload(call, types);
        }

        return joined;
    }

    private CelType Resolve(CelCall call, IReadOnlyList<CelOverload> overloads, List<CelType> types)
    {
        CelType? result = null;
        var candidates = new List<CelOverload>();
        foreach (var overload in overloads)
        {
            if (overload.IsMethod != call.Target is not null || overload.Parameters.Count != types.Count)
            {
                continue;
            }

            var bindings = new CelBindings();
            if (!types.Zip(overload.Parameters).All(pair => bindings.Assign(pair.First, pair.Second)))
            {
                continue;
            }

            candidates.Add(overload);
            var type = bindings.Substitute(overload.Result);
            result = result is null || result.ToString() == type.ToString() ? type : CelType.Dyn;
        }

        call.Overloads = candidates;
        if (result is null)
        {
            return NoOverload(call, types);
        }

        CheckLiteralPattern(call);
        return result;
    }

    /// <summary>A pattern that is written in the expression is compiled with it, as cel-go's literal validator does.</summary>
    private void CheckLiteralPattern(CelCall call)
    {
        if (call.Function is "matches" or "find" or "findAll" && call.Operands is [_, CelLiteral { Value: string pattern }, ..]
            && !Patterns.Re2.TryCompile(pattern, out _, out var error))
        {
            _issues.Add(call.Operands[1].Position, $"invalid {call.Function} argument: {error}");
        }

        if (call.Function is "timestamp" or "duration" && call.Operands is [CelLiteral { Value: string text } literal]
            && (call.Function == "timestamp" ? CelTime.ParseTimestamp(text) is null : CelTime.ParseDuration(text) is null))
        {
            _issues.Add(literal.Position, $"invalid {call.Function} argument");
        }
    }

    private CelType NoOverload(CelCall call, List<CelType> types)
    {
        var arguments = string.Join(", ", types.Skip(call.Target is null ? 0 : 1));
        var signature = call.Target is null ? $"({arguments})" : $"{types[0]}.({arguments})";
        _issues.Add(call.Position, $"found no matching overload for '{call.Function}' applied to '{signature}'");
        return CelType.Error;
    }

    private CelType List(CelListLiteral list)
    {
        CelType? element = null;
        for (var i = 0; i < list.Items.Count; i++)
        {
            var type = Check(list.Items[i]);
            if (list.Optional.Contains(i))
            {
                type = Unwrap(type, list.Items[i]);
            }

            element = Same(element, type, list.Items[i].Position);
        }

        return CelType.ListOf(element ?? CelType.Dyn);
    }

    private CelType Map(CelMapLiteral map)
    {
        CelType? key = null;
        CelType? value = null;
        foreach (var entry in map.Entries)
        {
            key = Same(key, Check(entry.Key), entry.Key.Position);
            var type = Check(entry.Value);
            value = Same(value, entry.Optional ? Unwrap(type, entry.Value) : type, entry.Value.Position);
        }

        return CelType.MapOf(key ?? CelType.Dyn, value ?? CelType.Dyn);
    }

    private CelType Unwrap(CelType type, CelNode node)
    {
        if (type.Kind == CelKind.Optional)
        {
            return type.Parameters[0];
        }

        Expect(CelType.OptionalOf(type), type, node.Position);
        return type;
    }

    /// <summary>Literals hold one type only, as the server sets the language up.</summary>
    private CelType Same(CelType? before, CelType type, CelPosition position)
    {
        if (before is null)
        {
            return type;
        }

        if (CelBindings.Join(before, type) is { } joined)
        {
            return joined;
        }

        _issues.Add(position, $"expected type '{before}' but found '{type}'");
        return CelType.Error;
    }

    private CelType Macro(CelMacro macro)
    {
        var range = Check(macro.Range);
        var types = VariableTypes(macro, range);
        var outer = _scope.Count;
        macro.Slot = _scope.Count == 0 ? 0 : _scope.Max(v => v.Slot) + 1;
        for (var i = 0; i < macro.Variables.Count; i++)
        {
            _scope.Add((macro.Variables[i], types[i], macro.Slot + i));
        }

        Slots = Math.Max(Slots, macro.Slot + macro.Variables.Count);
        if (macro.Condition is { } condition)
        {
            Expect(CelType.Bool, Check(condition), condition.Position);
        }

        var result = macro.Result is { } body ? Check(body) : CelType.Error;
        _scope.RemoveRange(outer, _scope.Count - outer);
        return macro.Kind switch
        {
            CelMacroKind.All or CelMacroKind.Exists or CelMacroKind.ExistsOne => CelType.Bool,
            CelMacroKind.Map => CelType.ListOf(result),
            CelMacroKind.Filter => range.Kind == CelKind.List ? CelType.ListOf(range.Parameters[0]) : CelType.ListOf(types[0]),
            CelMacroKind.TransformMap => CelType.MapOf(types[0], result),
            CelMacroKind.TransformMapEntry => result.Kind == CelKind.Map ? result : CelType.MapOf(CelType.Dyn, CelType.Dyn),
            CelMacroKind.OptMap => CelType.OptionalOf(result),
            CelMacroKind.OptFlatMap => result.Kind == CelKind.Optional ? result : CelType.OptionalOf(CelType.Dyn),
            _ => range,
        };
    }

    private CelType[] VariableTypes(CelMacro macro, CelType range)
    {
        var two = macro.Variables.Count == 2;
        if (macro.Kind is CelMacroKind.OptMap or CelMacroKind.OptFlatMap)
        {
            if (range.Kind == CelKind.Optional)
            {
                return [range.Parameters[0]];
            }

            Expect(CelType.OptionalOf(CelType.Dyn), range, macro.Range.Position);
            return [CelType.Dyn];
        }

        switch (range.Kind)
        {
            case CelKind.List:
                return two ? [CelType.Int, range.Parameters[0]] : [range.Parameters[0]];
            case CelKind.Map when macro.Kind != CelMacroKind.SortBy:
                return two ? [range.Parameters[0], range.Parameters[1]] : [range.Parameters[0]];
            case CelKind.Dyn or CelKind.Error:
                return [CelType.Dyn, CelType.Dyn];
            default:
                _issues.Add(macro.Range.Position, $"expression of type '{range}' cannot be range of a comprehension (must be list, map, or dynamic)");
                return [CelType.Error, CelType.Error];
        }
    }
}
