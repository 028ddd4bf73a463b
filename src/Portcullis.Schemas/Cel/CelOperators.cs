using static Portcullis.Schemas.Cel.CelType;

namespace Portcullis.Schemas.Cel;

/// <summary>Arithmetic, comparison, membership, indexing and size. <c>&amp;&amp;</c>, <c>||</c> and <c>?:</c> are the evaluator's, since they do not evaluate all operands.</summary>
internal static class CelOperators
{
    private static readonly CelFault IntOverflow = new("integer overflow");
    private static readonly CelFault DivideByZero = new("division by zero");

    public static IEnumerable<CelOverload> All() => [.. Arithmetic(), .. Comparison(), .. Containers()];

    private static CelOverload Op(string name, CelType result, CelType left, CelType right, Func<object, object, object?> run) =>
        new(name, false, [left, right], result, v => run(v[0]!, v[1]!));

    private static IEnumerable<CelOverload> Arithmetic()
    {
        yield return Op("_+_", Int, Int, Int, (a, b) => Checked(() => checked((long)a + (long)b)));
        yield return Op("_-_", Int, Int, Int, (a, b) => Checked(() => checked((long)a - (long)b)));
        yield return Op("_*_", Int, Int, Int, (a, b) => Checked(() => checked((long)a * (long)b)));
        yield return Op("_/_", Int, Int, Int, (a, b) => (long)b == 0 ? DivideByZero : (long)b == -1 && (long)a == long.MinValue ? IntOverflow : (long)a / (long)b);
        yield return Op("_%_", Int, Int, Int, (a, b) => (long)b == 0 ? new CelFault("modulus by zero") : (long)b == -1 ? (object)0L : (long)a % (long)b);
        yield return Op("_+_", Uint, Uint, Uint, (a, b) => Checked(() => checked((ulong)a + (ulong)b), unsigned: true));
        yield return Op("_-_", Uint, Uint, Uint, (a, b) => Checked(() => checked((ulong)a - (ulong)b), unsigned: true));
        yield return Op("_*_", Uint, Uint, Uint, (a, b) => Checked(() => checked((ulong)a * (ulong)b), unsigned: true));
        yield return Op("_/_", Uint, Uint, Uint, (a, b) => (ulong)b == 0 ? DivideByZero : (ulong)a / (ulong)b);
        yield return Op("_%_", Uint, Uint, Uint, (a, b) => (ulong)b == 0 ? new CelFault("modulus by zero") : (ulong)a % (ulong)b);
        yield return Op("_+_", CelType.Double, CelType.Double, CelType.Double, (a, b) => (double)a + (double)b);
        yield return Op("_-_", CelType.Double, CelType.Double, CelType.Double, (a, b) => (double)a - (double)b);
        yield return Op("_*_", CelType.Double, CelType.Double, CelType.Double, (a, b) => (double)a * (double)b);
        yield return Op("_/_", CelType.Double, CelType.Double, CelType.Double, (a, b) => (double)a / (double)b);
        yield return Op("_+_", CelType.String, CelType.String, CelType.String, (a, b) => (string)a + (string)b) with { Cost = v => CelCosts.Text(v[0], v[1]) };
        yield return Op("_+_", Bytes, Bytes, Bytes, (a, b) => (byte[])[.. (byte[])a, .. (byte[])b]) with { Cost = v => CelCosts.Text(v[0], v[1]) };
        yield return Op("_+_", ListOf(A), ListOf(A), ListOf(A), (a, b) => CelListFunctions.Concatenate((CelList)a, (CelList)b)) with { Cost = v => CelCosts.Items(v[0], v[1]) };
        yield return Op("_+_", Timestamp, Timestamp, Duration, (a, b) => CelTime.Add((CelTimestamp)a, ((CelDuration)b).Nanos));
        yield return Op("_+_", Timestamp, Duration, Timestamp, (a, b) => CelTime.Add((CelTimestamp)b, ((CelDuration)a).Nanos));
        yield return Op("_+_", Duration, Duration, Duration, (a, b) => CelTime.Span((Int128)((CelDuration)a).Nanos + ((CelDuration)b).Nanos));
        yield return Op("_-_", Duration, Timestamp, Timestamp, (a, b) => CelTime.Between((CelTimestamp)a, (CelTimestamp)b));
        yield return Op("_-_", Timestamp, Timestamp, Duration, (a, b) => CelTime.Add((CelTimestamp)a, -(Int128)((CelDuration)b).Nanos));
        yield return Op("_-_", Duration, Duration, Duration, (a, b) => CelTime.Span((Int128)((CelDuration)a).Nanos - ((CelDuration)b).Nanos));
        yield return new("-_", false, [Int], Int, v => (long)v[0]! == long.MinValue ? IntOverflow : -(long)v[0]!);
        yield return new("-_", false, [CelType.Double], CelType.Double, v => -(double)v[0]!);
        yield return new("!_", false, [Bool], Bool, v => CelEquality.Box(!(bool)v[0]!));
    }

    private static object Checked<T>(Func<T> compute, bool unsigned = false)
        where T : struct
    {
        try
        {
            return compute();
        }
        catch (OverflowException)
        {
            return unsigned ? new CelFault("unsigned integer overflow") : IntOverflow;
        }
    }

    private static IEnumerable<CelOverload> Comparison()
    {
        yield return new("_==_", false, [A, A], Bool, v => CelEquality.Box(CelEquality.AreEqual(v[0], v[1]))) { Cost = v => CelCosts.Smaller(v[0], v[1]) };
        yield return new("_!=_", false, [A, A], Bool, v => CelEquality.Box(!CelEquality.AreEqual(v[0], v[1]))) { Cost = v => CelCosts.Smaller(v[0], v[1]) };
        CelType[] ordered = [Bool, Int, Uint, CelType.Double, CelType.String, Bytes, Timestamp, Duration];
        CelType[] numbers = [Int, Uint, CelType.Double];
        (string Name, Func<int, bool> Test)[] orders = [("_<_", o => o < 0), ("_<=_", o => o <= 0), ("_>_", o => o > 0), ("_>=_", o => o >= 0)];
        foreach (var (name, test) in orders)
        {
            foreach (var type in ordered)
            {
                yield return Compare(name, type, type, test);
            }

            foreach (var (left, right) in numbers.SelectMany(l => numbers.Where(r => r != l).Select(r => (l, r))))
            {
                yield return Compare(name, left, right, test);
            }
        }
    }

    private static CelOverload Compare(string name, CelType left, CelType right, Func<int, bool> test) =>
        new(name, false, [left, right], Bool, v => CelEquality.Box(CelEquality.TryCompare(v[0], v[1], out var order) && test(order))) { Cost = v => CelCosts.Smaller(v[0], v[1]) };

    private static IEnumerable<CelOverload> Containers()
    {
        yield return new("@in", false, [A, ListOf(A)], Bool, v => CelEquality.Box(CelEquality.Contains((CelList)v[1]!, v[0]))) { Cost = v => CelCosts.Items(v[1]) };
        yield return new("@in", false, [A, MapOf(A, B)], Bool, v => CelEquality.Box(((CelMap)v[1]!).TryGet(v[0], out _)));
        yield return new("_[_]", false, [ListOf(A), Int], A, v => Index((CelList)v[0]!, (long)v[1]!));
        yield return new("_[_]", false, [MapOf(A, B), A], B, v => ((CelMap)v[0]!).TryGet(v[1], out var value) ? value : CelFault.NoKey(v[1]));
        yield return new("_[_]", false, [OptionalOf(ListOf(A)), Int], OptionalOf(A), v => OptionalIndex(v[0], v[1]));
        yield return new("_[_]", false, [OptionalOf(MapOf(A, B)), A], OptionalOf(B), v => OptionalIndex(v[0], v[1]));
        yield return new("_[?_]", false, [ListOf(A), Int], OptionalOf(A), v => OptionalIndex(v[0], v[1]));
        yield return new("_[?_]", false, [MapOf(A, B), A], OptionalOf(B), v => OptionalIndex(v[0], v[1]));
        yield return new("_[?_]", false, [OptionalOf(ListOf(A)), Int], OptionalOf(A), v => OptionalIndex(v[0], v[1]));
        yield return new("_[?_]", false, [OptionalOf(MapOf(A, B)), A], OptionalOf(B), v => OptionalIndex(v[0], v[1]));
        (CelType Type, Func<object, long> Size)[] sized =
        [
            (CelType.String, v => CelText.Length((string)v)), (Bytes, v => ((byte[])v).Length), (ListOf(A), v => ((CelList)v).Count), (MapOf(A, B), v => ((CelMap)v).Count),
        ];
        foreach (var (type, size) in sized)
        {
            yield return new("size", false, [type], Int, v => size(v[0]!));
            yield return new("size", true, [type], Int, v => size(v[0]!));
        }
    }

    private static object? Index(CelList list, long index) =>
        index < 0 || index >= list.Count ? new CelFault($"index out of bounds: {CelText.Show(index)}") : list.At((int)index);

    private static object OptionalIndex(object? operand, object? key)
    {
        if (operand is CelOptional optional)
        {
            if (!optional.HasValue)
            {
                return CelOptional.None;
            }

            operand = optional.Value;
        }

        return (operand, key) switch
        {
            (CelList list, long index) when index >= 0 && index < list.Count => new CelOptional(list.At((int)index)),
            (CelMap map, _) when map.TryGet(key, out var value) => new CelOptional(value),
            (CelList or CelMap, _) => CelOptional.None,
            _ => CelFault.NoOverload,
        };
    }
}
