namespace Portcullis.Core.Collections;

/// <summary>What is different from what a tree was made of.</summary>
public sealed record TreeChange(ListChange<Collection> Collections, ListChange<NamespaceFact> Namespaces, ListChange<NodeFact> Nodes)
{
    /// <summary>Sources that may claim more or less than before.</summary>
    public IReadOnlySet<string> RescopedSources { get; init; } = new HashSet<string>();

    public bool IsEmpty => Collections.IsEmpty && Namespaces.IsEmpty && Nodes.IsEmpty && RescopedSources.Count == 0;
}
