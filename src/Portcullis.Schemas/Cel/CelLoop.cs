namespace Portcullis.Schemas.Cel;

/// <summary>The comprehensions: <c>all</c> and <c>exists</c> stop at the first that decides and absorb errors if one does; the others pass errors on.</summary>
internal sealed class CelLoop(CelEvaluator evaluator, CelMacro macro, object?[] slots)
{
    private readonly List<object?> _items = [];
    private readonly List<object?> _sortKeys = [];
    private readonly Dictionary<object, object?> _members = CelDictionary.NewMembers();
    private CelFault? _fault;
    private int _count;

    public object? Over(IEnumerable<(object? Key, object? Value)> steps, bool oneIsKey, CelList? list)
    {
        foreach (var (key, value) in steps)
        {
            evaluator.ChargeStep();
            var single = oneIsKey ? key : value;
            slots[macro.Slot] = macro.Variables.Count == 2 ? key : single;
            if (macro.Variables.Count == 2)
            {
                slots[macro.Slot + 1] = value;
            }

            var verdict = macro.Condition is { } condition ? evaluator.Evaluate(condition) : CelEquality.True;
            if (macro.Kind is CelMacroKind.All or CelMacroKind.Exists)
            {
                if (verdict is bool held && held == (macro.Kind == CelMacroKind.Exists))
                {
                    return verdict;
                }

                _fault ??= verdict is bool ? null : verdict as CelFault ?? CelFault.NoOverload;
                continue;
            }

            if (verdict is not bool chosen)
            {
                return verdict as CelFault ?? CelFault.NoOverload;
            }

            if (chosen && Take(single, key) is { } fault)
            {
                return fault;
            }
        }

        return macro.Kind switch
        {
            CelMacroKind.All => _fault ?? CelEquality.True,
            CelMacroKind.Exists => _fault ?? CelEquality.False,
            CelMacroKind.ExistsOne => CelEquality.Box(_count == 1),
            CelMacroKind.TransformMap or CelMacroKind.TransformMapEntry => new CelDictionary(_members),
            CelMacroKind.SortBy => list is null ? CelFault.NoOverload : CelListFunctions.Sort(list, _sortKeys),
            _ => new CelArray(_items),
        };
    }

    private CelFault? Take(object? single, object? key)
    {
        _count++;
        if (macro.Kind is CelMacroKind.ExistsOne)
        {
            return null;
        }

        var result = macro.Result is { } body ? evaluator.Evaluate(body) : single;
        switch (macro.Kind)
        {
            case var _ when result is CelFault fault:
                return fault;
            case CelMacroKind.SortBy:
                _sortKeys.Add(result);
                return null;
            case CelMacroKind.TransformMap:
                _members[key!] = result;
                return null;
            case CelMacroKind.TransformMapEntry when result is CelMap map:
                foreach (var name in map.Keys)
                {
                    map.TryGet(name, out var value);
                    if (!_members.TryAdd(name, value))
                    {
                        return new CelFault($"insert failed: key {CelText.Show(name)} already exists");
                    }
                }

                return null;
            case CelMacroKind.TransformMapEntry:
                return CelFault.NoOverload;
            default:
                _items.Add(result);
                return null;
        }
    }
}
