using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>A key that we wrote: the value last accepted, and for which NodeHardening.</summary>
public sealed record OwnedKey(JsonNode Value, string Hardening, RestartPolicy RestartPolicy)
{
    /// <summary>Removed from the file, but in force until the engine restarts.</summary>
    public bool IsLeaving { get; init; }

    public bool IsSameAs(OwnedKey other) =>
        Hardening == other.Hardening && RestartPolicy == other.RestartPolicy && IsLeaving == other.IsLeaving && JsonNode.DeepEquals(Value, other.Value);

    /// <summary>Whether both say the same of the same keys.</summary>
    public static bool AreSame(IReadOnlyDictionary<string, OwnedKey> left, IReadOnlyDictionary<string, OwnedKey> right) =>
        left.Count == right.Count && left.All(p => right.TryGetValue(p.Key, out var other) && other.IsSameAs(p.Value));
}
