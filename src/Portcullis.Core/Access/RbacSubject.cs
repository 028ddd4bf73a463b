using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Access;

/// <summary>One subject of a RoleBinding. <see cref="Namespace"/> is empty but for service accounts.</summary>
public readonly record struct RbacSubject(string Kind, string Name, string Namespace) : IComparable<RbacSubject>
{
    public static RbacSubject User(string name) => new("User", name, "");

    public static RbacSubject Group(string name) => new("Group", name, "");

    public static RbacSubject ServiceAccount(string @namespace, string name) => new("ServiceAccount", name, @namespace);

    public static RbacSubject? Read(JsonNode? node) =>
        node.String("kind") is { } kind && node.String("name") is { } name ? new RbacSubject(kind, name, node.String("namespace") ?? "") : null;

    public JsonObject ToJson() => Namespace.Length == 0
        ? new JsonObject { ["apiGroup"] = ClusterKinds.RoleBinding.Group, ["kind"] = Kind, ["name"] = Name }
        : new JsonObject { ["kind"] = Kind, ["name"] = Name, ["namespace"] = Namespace };

    public int CompareTo(RbacSubject other)
    {
        var order = string.CompareOrdinal(Kind, other.Kind);
        order = order != 0 ? order : string.CompareOrdinal(Namespace, other.Namespace);
        return order != 0 ? order : string.CompareOrdinal(Name, other.Name);
    }

    public static bool operator <(RbacSubject left, RbacSubject right) => left.CompareTo(right) < 0;

    public static bool operator >(RbacSubject left, RbacSubject right) => left.CompareTo(right) > 0;

    public static bool operator <=(RbacSubject left, RbacSubject right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RbacSubject left, RbacSubject right) => left.CompareTo(right) >= 0;

    public override string ToString() => Namespace.Length == 0 ? $"{Kind} {Name}" : $"{Kind} {Namespace}/{Name}";
}
