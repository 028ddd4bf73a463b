using static Portcullis.Schemas.Cel.CelType;

namespace Portcullis.Schemas.Cel;

/// <summary>Lists: Kubernetes' own (isSorted, sum, min, max, indexOf), cel-go's lists extension (version 3) and its sets.</summary>
internal static class CelListFunctions
{
    private const int MaxRange = 1_000_000;

    public static IEnumerable<CelOverload> All() => [.. Kubernetes(), .. Extension(), .. Sets()];

    /// <summary><c>a + b</c>: lists of kind set or map take over what the left has not, the right winning by key (KEP-2876).</summary>
    public static object Concatenate(CelList left, CelList right)
    {
        if (left.Kind == CelListKind.Atomic)
        {
            return new CelArray([.. left.Items, .. right.Items]);
        }

        var items = left.Items.ToList();
        foreach (var item in right.Items)
        {
            var at = items.FindIndex(present => left.Kind == CelListKind.Set ? CelEquality.AreEqual(present, item) : SameKey(left.Keys, present, item));
            if (at < 0)
            {
                items.Add(item);
            }
            else
            {
                items[at] = item;
            }
        }

        return new CelArray(items);
    }

    /// <summary>Sorts by keys that have an order; a fault when they have none.</summary>
    public static object Sort(CelList list, List<object?> keys)
    {
        if (keys.Exists(k => !CelEquality.TryCompare(k, keys[0], out _)))
        {
            return new CelFault("list elements must have a natural order");
        }

        var order = Enumerable.Range(0, list.Count).ToList();
        order.Sort((a, b) => CelEquality.TryCompare(keys[a], keys[b], out var o) && o != 0 ? o : a.CompareTo(b));
        return new CelArray([.. order.Select(list.At)]);
    }

    private static bool SameKey(IReadOnlyList<string> keys, object? a, object? b) => a is CelMap x && b is CelMap y
        && keys.All(k => x.TryGet(k, out var own) == y.TryGet(k, out var other) && CelEquality.AreEqual(own, other));

    private static CelOverload Method(string name, CelType list, CelType result, Func<CelList, object?[], object?> run, params CelType[] more) =>
        new(name, true, [list, .. more], result, v => run((CelList)v[0]!, v)) { Cost = v => CelCosts.Items(v[0]) };

    private static IEnumerable<CelOverload> Kubernetes()
    {
        foreach (var type in new[] { Int, Uint, CelType.Double, Bool, Duration, Timestamp, CelType.String, Bytes })
        {
            yield return Method("isSorted", ListOf(type), Bool, (l, _) => IsSorted(l));
            yield return Method("min", ListOf(type), type, (l, _) => Extreme(l, "min", -1));
            yield return Method("max", ListOf(type), type, (l, _) => Extreme(l, "max", 1));
        }

        yield return Method("sum", ListOf(Int), Int, (l, _) => Sum(l, 0L));
        yield return Method("sum", ListOf(Uint), Uint, (l, _) => Sum(l, 0UL));
        yield return Method("sum", ListOf(CelType.Double), CelType.Double, (l, _) => Sum(l, 0.0));
        yield return Method("sum", ListOf(Duration), Duration, (l, _) => Sum(l, new CelDuration(0)));
        yield return Method("indexOf", ListOf(A), Int, (l, v) => Find(l, v[1], last: false), A);
        yield return Method("lastIndexOf", ListOf(A), Int, (l, v) => Find(l, v[1], last: true), A);
    }

    private static IEnumerable<CelOverload> Extension()
    {
        yield return Method("slice", ListOf(A), ListOf(A), (l, v) => Slice(l, (long)v[1]!, (long)v[2]!), Int, Int);
        yield return Method("flatten", ListOf(ListOf(A)), ListOf(A), (l, _) => Flatten(l, 1));
        yield return Method("flatten", ListOf(Dyn), ListOf(Dyn), (l, v) => (long)v[1]! < 0 ? new CelFault("level must be non-negative") : Flatten(l, (long)v[1]!), Int);
        yield return Method("distinct", ListOf(A), ListOf(A), (l, _) => Distinct(l)) with { Cost = v => CelCosts.Items(v[0]) * CelCosts.Items(v[0]) };
        yield return Method("reverse", ListOf(A), ListOf(A), (l, _) => new CelArray([.. l.Items.Reverse()]));
        yield return Method("sort", ListOf(A), ListOf(A), (l, _) => Sort(l, [.. l.Items])) with { Cost = v => CelCosts.Items(v[0]) * CelCosts.Items(v[0]) };
        yield return Method("first", ListOf(A), OptionalOf(A), (l, _) => l.Count == 0 ? CelOptional.None : new CelOptional(l.At(0)));
        yield return Method("last", ListOf(A), OptionalOf(A), (l, _) => l.Count == 0 ? CelOptional.None : new CelOptional(l.At(l.Count - 1)));
        yield return new("lists.range", false, [Int], ListOf(Int), v => (long)v[0]! is var n && n > MaxRange
            ? new CelFault("range is too large")
            : new CelArray([.. Enumerable.Range(0, (int)Math.Max(0, n)).Select(i => (object?)(long)i)]))
        { Cost = v => Math.Max(0, (long)v[0]!) };
    }

    private static IEnumerable<CelOverload> Sets()
    {
        foreach (var (name, test) in new (string, Func<CelList, CelList, bool>)[]
        {
            ("sets.contains", Includes), ("sets.intersects", (a, b) => a.Items.Any(x => CelEquality.Contains(b, x))), ("sets.equivalent", (a, b) => Includes(a, b) && Includes(b, a)),
        })
        {
            yield return new(name, false, [ListOf(A), ListOf(A)], Bool, v => CelEquality.Box(test((CelList)v[0]!, (CelList)v[1]!))) { Cost = v => CelCosts.Items(v[0]) * CelCosts.Items(v[1]) };
        }
    }

    private static bool Includes(CelList all, CelList some) => some.Items.All(x => CelEquality.Contains(all, x));

    private static object IsSorted(CelList list)
    {
        for (var i = 1; i < list.Count; i++)
        {
            if (!CelEquality.TryCompare(list.At(i - 1), list.At(i), out var order))
            {
                return CelFault.NoOverload;
            }

            if (order > 0)
            {
                return CelEquality.False;
            }
        }

        return CelEquality.True;
    }

    private static object? Extreme(CelList list, string name, int sign)
    {
        if (list.Count == 0)
        {
            return new CelFault($"{name} called on empty list");
        }

        var best = list.At(0);
        foreach (var item in list.Items)
        {
            if (!CelEquality.TryCompare(item, best, out var order))
            {
                return CelFault.NoOverload;
            }

            best = order * sign > 0 ? item : best;
        }

        return best;
    }

    private static object Sum(CelList list, object total)
    {
        foreach (var item in list.Items)
        {
            try
            {
                total = (total, item) switch
                {
                    (long a, long b) => checked(a + b),
                    (ulong a, ulong b) => checked(a + b),
                    (double a, double b) => a + b,
                    (CelDuration a, CelDuration b) => new CelDuration(checked(a.Nanos + b.Nanos)),
                    _ => CelFault.NoOverload,
                };
            }
            catch (OverflowException)
            {
                return new CelFault("integer overflow");
            }
        }

        return total;
    }

    private static long Find(CelList list, object? value, bool last)
    {
        var at = -1L;
        for (var i = 0; i < list.Count && (last || at < 0); i++)
        {
            at = CelEquality.AreEqual(list.At(i), value) ? i : at;
        }

        return at;
    }

    private static object Slice(CelList list, long start, long end) => start < 0 || end < 0 || start > end || end > list.Count
        ? new CelFault($"cannot slice({CelText.Show(start)}, {CelText.Show(end)}), list is length {list.Count}")
        : new CelArray([.. list.Items.Skip((int)start).Take((int)(end - start))]);

    private static CelArray Flatten(CelList list, long depth) =>
        new([.. list.Items.SelectMany(item => item is CelList inner && depth > 0 ? Flatten(inner, depth - 1).Items : [item])]);

    private static CelArray Distinct(CelList list)
    {
        var kept = new List<object?>();
        foreach (var item in list.Items)
        {
            if (!kept.Exists(k => CelEquality.AreEqual(k, item)))
            {
                kept.Add(item);
            }
        }

        return new CelArray(kept);
    }
}
