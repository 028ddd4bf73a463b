namespace Portcullis.Core.Kinds;

/// <summary>
/// Which object of a cluster is meant, whatever version of its kind it is written in: two manifests with one identity are one object.
/// </summary>
public readonly record struct ObjectIdentity(string Group, string Kind, ObjectKey Key) : IComparable<ObjectIdentity>
{
    /// <summary>The group of an apiVersion; empty for the core group.</summary>
    public static string GroupOf(string apiVersion)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? "" : apiVersion[..slash];
    }

    public static ObjectIdentity Of(string apiVersion, string kind, ObjectKey key) => new(GroupOf(apiVersion), kind, key);

    /// <summary>Ordinal by kind, group, namespace and name.</summary>
    public int CompareTo(ObjectIdentity other)
    {
        var order = string.CompareOrdinal(Kind, other.Kind);
        order = order != 0 ? order : string.CompareOrdinal(Group, other.Group);
        return order != 0 ? order : Key.CompareTo(other.Key);
    }

    public static bool operator <(ObjectIdentity left, ObjectIdentity right) => left.CompareTo(right) < 0;

    public static bool operator >(ObjectIdentity left, ObjectIdentity right) => left.CompareTo(right) > 0;

    public static bool operator <=(ObjectIdentity left, ObjectIdentity right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ObjectIdentity left, ObjectIdentity right) => left.CompareTo(right) >= 0;

    /// <summary><c>Kind name</c> or <c>Kind namespace/name</c>: how messages name it.</summary>
    public override string ToString() => $"{Kind} {Key}";
}
