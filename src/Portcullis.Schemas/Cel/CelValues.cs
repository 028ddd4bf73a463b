using System.Text.Json.Nodes;

namespace Portcullis.Schemas.Cel;

/// <summary>An error as a value: <c>||</c>, <c>&amp;&amp;</c> and the quantifiers may absorb it, everything else passes it on.</summary>
internal sealed record CelFault(string Message)
{
    public static readonly CelFault NoOverload = new("no such overload");

    public static CelFault NoKey(object? key) => new($"no such key: {CelText.Show(key)}");
}

/// <summary>An instant as protobuf keeps it: years 1 to 9999 do not fit 64 bits of nanoseconds.</summary>
internal readonly record struct CelTimestamp(long Seconds, int Nanos) : IComparable<CelTimestamp>
{
    public int CompareTo(CelTimestamp other) => Seconds != other.Seconds ? Seconds.CompareTo(other.Seconds) : Nanos.CompareTo(other.Nanos);
}

/// <summary>A span as Go keeps it.</summary>
internal readonly record struct CelDuration(long Nanos) : IComparable<CelDuration>
{
    public int CompareTo(CelDuration other) => Nanos.CompareTo(other.Nanos);
}

/// <summary>An optional value; <see cref="None"/> holds nothing, not even null.</summary>
internal sealed record CelOptional(object? Value)
{
    public static readonly CelOptional None = new((object?)null);

    public bool HasValue => !ReferenceEquals(this, None);
}

internal abstract class CelList
{
    public abstract int Count { get; }

    public virtual CelListKind Kind => CelListKind.Atomic;

    public virtual IReadOnlyList<string> Keys => [];

    public abstract object? At(int index);

    public IEnumerable<object?> Items => Enumerable.Range(0, Count).Select(At);
}

internal sealed class CelArray(IReadOnlyList<object?> items) : CelList
{
    public override int Count => items.Count;

    public override object? At(int index) => items[index];
}

/// <summary>A JSON array seen through its declared type; items are converted when they are read.</summary>
internal sealed class CelJsonList(JsonArray items, CelType type) : CelList
{
    private readonly CelType _item = type.Kind == CelKind.List ? type.Parameters[0] : CelType.Dyn;

    public override int Count => items.Count;

    public override CelListKind Kind => type.ListKind;

    public override IReadOnlyList<string> Keys => type.ListKeys;

    public override object? At(int index) => CelJson.ToValue(items[index], _item);
}

internal abstract class CelMap
{
    public abstract int Count { get; }

    public abstract IEnumerable<object> Keys { get; }

    public abstract bool TryGet(object? key, out object? value);
}

internal sealed class CelDictionary(Dictionary<object, object?> members) : CelMap
{
    public override int Count => members.Count;

    public override IEnumerable<object> Keys => members.Keys;

    public static Dictionary<object, object?> NewMembers() => new(CelEqualityComparer.Instance);

    public override bool TryGet(object? key, out object? value)
    {
        value = null;
        return key is not null && members.TryGetValue(key, out value);
    }
}

/// <summary>A JSON object: a map of one value type, or an object whose declared fields alone can be seen, by their escaped names.</summary>
internal sealed class CelJsonMap(JsonObject members, CelType type) : CelMap
{
    public CelType Type => type;

    public JsonObject Json => members;

    public override int Count => type.Kind == CelKind.Object ? Keys.Count() : members.Count;

    public override IEnumerable<object> Keys => type.Kind == CelKind.Object
        ? type.Fields.Where(f => members.ContainsKey(f.Value.JsonName)).Select(f => f.Key)
        : members.Select(m => (object)m.Key);

    public override bool TryGet(object? key, out object? value)
    {
        value = null;
        if (key is not string name)
        {
            return false;
        }

        if (type.Kind == CelKind.Object)
        {
            if (!type.Fields.TryGetValue(name, out var field) || !members.TryGetPropertyValue(field.JsonName, out var member))
            {
                return false;
            }

            value = CelJson.ToValue(member, field.Type);
            return true;
        }

        if (!members.TryGetPropertyValue(name, out var item))
        {
            return false;
        }

        value = CelJson.ToValue(item, type.Kind == CelKind.Map ? type.Parameters[1] : CelType.Dyn);
        return true;
    }
}

/// <summary>Map keys: 1, 1u and 1.0 are one key.</summary>
internal sealed class CelEqualityComparer : IEqualityComparer<object>
{
    public static readonly CelEqualityComparer Instance = new();

    public new bool Equals(object? x, object? y) => CelEquality.AreEqual(x, y);

    public int GetHashCode(object obj) => obj switch
    {
        long n => ((double)n).GetHashCode(),
        ulong n => ((double)n).GetHashCode(),
        double n => n.GetHashCode(),
        _ => obj.GetHashCode(),
    };
}
