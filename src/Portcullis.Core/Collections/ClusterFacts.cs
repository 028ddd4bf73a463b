namespace Portcullis.Core.Collections;

/// <summary>What the tree needs to know of a namespace that exists.</summary>
public sealed record NamespaceFact(string Name) : IMember
{
    public IReadOnlyDictionary<string, string> Labels { get; init; } = Nothing;

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = Nothing;

    /// <summary>Nothing can be made in it any more.</summary>
    public bool IsBeingDeleted { get; init; }

    private static readonly Dictionary<string, string> Nothing = [];
}

/// <summary>What the tree needs to know of a node that exists.</summary>
public sealed record NodeFact(string Name) : IMember
{
    public IReadOnlyDictionary<string, string> Labels { get; init; } = Nothing;

    private static readonly Dictionary<string, string> Nothing = [];
}

/// <summary>Namespaces that only the root source may put into a collection, and never by a selector.</summary>
public static class ProtectedNamespaces
{
    public static bool Contains(string name) =>
        name is "default" or WellKnown.SystemNamespace or WellKnown.TrustNamespace || name.StartsWith("kube-", StringComparison.Ordinal);
}
