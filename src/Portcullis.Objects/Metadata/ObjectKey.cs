using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Objects;

/// <summary>
/// Names one object among those of its kind. <see cref="Namespace"/> is empty for cluster-scoped objects.
/// It is all that queues carry, so that work is always done on the present state.
/// </summary>
public readonly record struct ObjectKey(string Namespace, string Name) : IComparable<ObjectKey>
{
    /// <summary>The key of a cluster-scoped object.</summary>
    public static ObjectKey Cluster(string name) => new("", name);

    /// <summary>The key of an object by its metadata; what is missing there is empty.</summary>
    public static ObjectKey Of(JsonObject value)
    {
        var metadata = value.Object("metadata");
        return new ObjectKey(metadata.String("namespace") ?? "", metadata.String("name") ?? "");
    }

    /// <summary>Ordinal order by namespace, then name: the order in which plans and lists are written.</summary>
    public int CompareTo(ObjectKey other)
    {
        var byNamespace = string.CompareOrdinal(Namespace, other.Namespace);
        return byNamespace != 0 ? byNamespace : string.CompareOrdinal(Name, other.Name);
    }

    public static bool operator <(ObjectKey left, ObjectKey right) => left.CompareTo(right) < 0;

    public static bool operator >(ObjectKey left, ObjectKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(ObjectKey left, ObjectKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ObjectKey left, ObjectKey right) => left.CompareTo(right) >= 0;

    /// <summary><c>namespace/name</c>, or <c>name</c> for a cluster-scoped object.</summary>
    public override string ToString() => string.IsNullOrEmpty(Namespace) ? Name : $"{Namespace}/{Name}";
}
