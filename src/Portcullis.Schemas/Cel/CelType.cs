using System.Collections.Frozen;

namespace Portcullis.Schemas.Cel;

internal enum CelKind
{
    Dyn,
    Error,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Timestamp,
    Duration,
    List,
    Map,
    Object,
    Optional,
    Type,
    Parameter,
    Opaque,
}

/// <summary>A field of an object type: its name in JSON, before escaping, and its type.</summary>
internal sealed record CelField(string JsonName, CelType Type);

/// <summary>How a list merges and compares (x-kubernetes-list-type); atomic for everything made in an expression.</summary>
internal enum CelListKind
{
    Atomic,
    Set,
    Map,
}

/// <summary>A type of the expression language, as the checker knows it.</summary>
internal sealed class CelType(CelKind kind, string name, params CelType[] parameters)
{
    public static readonly CelType Dyn = new(CelKind.Dyn, "dyn");
    public static readonly CelType Error = new(CelKind.Error, "!error!");
    public static readonly CelType Null = new(CelKind.Null, "null");
    public static readonly CelType Bool = new(CelKind.Bool, "bool");
    public static readonly CelType Int = new(CelKind.Int, "int");
    public static readonly CelType Uint = new(CelKind.Uint, "uint");
    public static readonly CelType Double = new(CelKind.Double, "double");
    public static readonly CelType String = new(CelKind.String, "string");
    public static readonly CelType Bytes = new(CelKind.Bytes, "bytes");
    public static readonly CelType Timestamp = new(CelKind.Timestamp, "timestamp");
    public static readonly CelType Duration = new(CelKind.Duration, "duration");
    public static readonly CelType A = new(CelKind.Parameter, "A");
    public static readonly CelType B = new(CelKind.Parameter, "B");
    public static readonly CelType Url = new(CelKind.Opaque, "kubernetes.URL");
    public static readonly CelType Quantity = new(CelKind.Opaque, "kubernetes.Quantity");
    public static readonly CelType Ip = new(CelKind.Opaque, "net.IP");
    public static readonly CelType Cidr = new(CelKind.Opaque, "net.CIDR");
    public static readonly CelType Semver = new(CelKind.Opaque, "kubernetes.Semver");
    public static readonly CelType Format = new(CelKind.Opaque, "kubernetes.NamedFormat");

    public CelKind Kind { get; } = kind;

    public string Name { get; } = name;

    public IReadOnlyList<CelType> Parameters { get; } = parameters;

    /// <summary>Fields of an object type by escaped name.</summary>
    public FrozenDictionary<string, CelField> Fields { get; private init; } = FrozenDictionary<string, CelField>.Empty;

    public CelListKind ListKind { get; private init; }

    /// <summary>Keys of a list of kind map.</summary>
    public IReadOnlyList<string> ListKeys { get; private init; } = [];

    /// <summary>The most elements, characters or members a value can have, for estimating costs.</summary>
    public long MaxSize { get; init; } = long.MaxValue;

    /// <summary>The fewest bytes a value takes in JSON.</summary>
    public long MinJson { get; init; }

    public bool IsDynamic => Kind is CelKind.Dyn or CelKind.Error;

    public static CelType ListOf(CelType element) => new(CelKind.List, "list", element);

    public static CelType ListOf(CelType element, CelListKind kind, IReadOnlyList<string> keys, long maxSize) =>
        new(CelKind.List, "list", element) { ListKind = kind, ListKeys = keys, MaxSize = maxSize, MinJson = 2 };

    public static CelType MapOf(CelType key, CelType value) => new(CelKind.Map, "map", key, value);

    public static CelType MapOf(CelType key, CelType value, long maxSize) => new(CelKind.Map, "map", key, value) { MaxSize = maxSize, MinJson = 2 };

    public static CelType OptionalOf(CelType value) => new(CelKind.Optional, "optional_type", value);

    public static CelType TypeOf(CelType value) => new(CelKind.Type, "type", value);

    public static CelType ObjectOf(string name, IEnumerable<KeyValuePair<string, CelField>> fields, long minJson) =>
        new(CelKind.Object, name) { Fields = fields.ToFrozenDictionary(StringComparer.Ordinal), MinJson = minJson };

    /// <summary>The same scalar with the schema's limits on its size.</summary>
    public CelType Sized(long maxSize, long minJson) => new(Kind, Name) { MaxSize = maxSize, MinJson = minJson };

    public override string ToString() => Kind switch
    {
        CelKind.List or CelKind.Map or CelKind.Optional => $"{Name}({string.Join(", ", Parameters)})",
        CelKind.Type => Parameters is [{ Kind: not CelKind.Dyn } of] ? $"type({of})" : "type",
        _ => Name,
    };
}
