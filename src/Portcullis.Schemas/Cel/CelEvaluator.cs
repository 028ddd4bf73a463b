namespace Portcullis.Schemas.Cel;

/// <summary>The budget is spent; nothing absorbs it.</summary>
internal sealed class CelBudgetException() : Exception("operation cancelled: actual cost limit exceeded");

/// <summary>
/// Walks a checked tree. Errors are values (<see cref="CelFault"/>), which <c>&amp;&amp;</c>, <c>||</c> and the quantifiers absorb when the other side decides.
/// Every look-up and call costs one unit and its work by size, near cel-go's accounting, so that no expression runs long.
/// </summary>
internal sealed class CelEvaluator(object?[] slots, long budget)
{
    private const int ListCost = 10;
    private const int MapCost = 30;

    /// <summary>A variable that was not given.</summary>
    public static readonly object Absent = new();

    public long Cost { get; private set; }

    public object? Evaluate(CelNode node)
    {
        switch (node)
        {
            case CelLiteral literal:
                return literal.Value is bool flag ? CelEquality.Box(flag) : literal.Value;
            case CelIdentifier identifier:
                Charge(1);
                return identifier.TypeValue ?? (ReferenceEquals(slots[identifier.Slot], Absent) ? new CelFault($"no such attribute: {identifier.Name}") : slots[identifier.Slot]);
            case CelSelect select:
                return Select(select);
            case CelCall call:
                return Call(call);
            case CelMacro macro:
                return Macro(macro);
            case CelListLiteral list:
                return List(list);
            case CelMapLiteral map:
                return Map(map);
            default:
                return CelFault.NoOverload;
        }
    }

    private void Charge(long units)
    {
        Cost += units;
        if (Cost > budget)
        {
            throw new CelBudgetException();
        }
    }

    private object? Select(CelSelect select)
    {
        if (select.TypeValue is { } type)
        {
            return type;
        }

        Charge(select.TestOnly ? 0 : 1);
        var operand = Evaluate(select.Operand);
        if (operand is CelFault)
        {
            return operand;
        }

        var optional = select.Optional;
        if (operand is CelOptional wrapped)
        {
            if (!wrapped.HasValue)
            {
                return select.TestOnly ? CelEquality.False : CelOptional.None;
            }

            (operand, optional) = (wrapped.Value, true);
        }

        if (operand is not CelMap map)
        {
            return CelFault.NoOverload;
        }

        var found = map.TryGet(select.Field, out var value);
        return select.TestOnly ? CelEquality.Box(found)
            : optional ? value is CelFault ? value : found ? new CelOptional(value) : CelOptional.None
            : found ? value : CelFault.NoKey(select.Field);
    }

    private object? Call(CelCall call)
    {
        switch (call.Function)
        {
            case "_&&_":
                return Logic(call, decides: false);
            case "_||_":
                return Logic(call, decides: true);
            case "_?_:_":
                Charge(1);
                return Evaluate(call.Operands[0]) switch
                {
                    true => Evaluate(call.Operands[1]),
                    false => Evaluate(call.Operands[2]),
                    CelFault fault => fault,
                    _ => CelFault.NoOverload,
                };
        }

        var values = new object?[call.Operands.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Evaluate(call.Operands[i]);
            if (values[i] is CelFault)
            {
                return values[i];
            }
        }

        Charge(1);
        foreach (var overload in call.Overloads)
        {
            if (overload.Accepts(values))
            {
                Charge(overload.Cost?.Invoke(values) ?? 0);
                return overload.Run(values);
            }
        }

        return CelFault.NoOverload;
    }

    private object? Logic(CelCall call, bool decides)
    {
        var left = Evaluate(call.Operands[0]);
        if (left is bool first && first == decides)
        {
            return left;
        }

        var right = Evaluate(call.Operands[1]);
        if (right is bool second && second == decides)
        {
            return right;
        }

        return left is not bool ? left as CelFault ?? CelFault.NoOverload : right is not bool ? right as CelFault ?? CelFault.NoOverload : right;
    }

    private object? Macro(CelMacro macro)
    {
        var range = Evaluate(macro.Range);
        if (macro.Kind is CelMacroKind.OptMap or CelMacroKind.OptFlatMap)
        {
            return Optional(macro, range);
        }

        return range switch
        {
            CelFault => range,
            CelList list => new CelLoop(this, macro, slots).Over(Enumerable.Range(0, list.Count).Select(i => ((object?)(long)i, list.At(i))), oneIsKey: false, list),
            CelMap map => new CelLoop(this, macro, slots).Over(map.Keys.Select(k => ((object?)k, map.TryGet(k, out var value) ? value : null)), oneIsKey: true, null),
            _ => CelFault.NoOverload,
        };
    }

    /// <summary>One step of a loop costs one unit, besides what it evaluates.</summary>
    public void ChargeStep() => Charge(1);

    private object? Optional(CelMacro macro, object? range)
    {
        if (range is not CelOptional optional)
        {
            return range is CelFault ? range : CelFault.NoOverload;
        }

        if (!optional.HasValue)
        {
            return CelOptional.None;
        }

        slots[macro.Slot] = optional.Value;
        var result = Evaluate(macro.Result!);
        return result is CelFault || macro.Kind == CelMacroKind.OptFlatMap ? result : new CelOptional(result);
    }

    private object List(CelListLiteral list)
    {
        Charge(ListCost);
        var items = new List<object?>(list.Items.Count);
        for (var i = 0; i < list.Items.Count; i++)
        {
            var value = Evaluate(list.Items[i]);
            if (value is CelFault)
            {
                return value;
            }

            if (!list.Optional.Contains(i))
            {
                items.Add(value);
            }
            else if (value is not CelOptional optional)
            {
                return CelFault.NoOverload;
            }
            else if (optional.HasValue)
            {
                items.Add(optional.Value);
            }
        }

        return new CelArray(items);
    }

    private object Map(CelMapLiteral map)
    {
        Charge(MapCost);
        var members = CelDictionary.NewMembers();
        foreach (var entry in map.Entries)
        {
            var key = Evaluate(entry.Key);
            var value = Evaluate(entry.Value);
            if (key is CelFault || value is CelFault)
            {
                return key as CelFault ?? value!;
            }

            if (key is not (string or long or ulong or bool))
            {
                return new CelFault("unsupported key type");
            }

            if (entry.Optional)
            {
                if (value is not CelOptional optional)
                {
                    return CelFault.NoOverload;
                }

                if (!optional.HasValue)
                {
                    continue;
                }

                value = optional.Value;
            }

            if (!members.TryAdd(key, value))
            {
                return new CelFault($"repeated key: {CelText.Show(key)}");
            }
        }

        return new CelDictionary(members);
    }
}
