namespace Portcullis.Core.Collections;

/// <summary>
/// Something wrong with one collection. What is in force stays the strictest reading; <see cref="Waits"/> says that time may heal it
/// without any change of the collection.
/// </summary>
public sealed record CollectionProblem(string Reason, string Field, string Message, bool Waits = false)
{
    public Problem ToProblem() => new(Reason, Field, Message);
}

/// <summary>One collection in its place in the tree.</summary>
public sealed class CollectionNode
{
    internal CollectionNode(Collection collection, CollectionNode? parent)
    {
        Collection = collection;
        Parent = parent;
    }

    public Collection Collection { get; }

    public string Name => Collection.Key.Name;

    public string Path => Collection.Spec.Path;

    public CollectionNode? Parent { get; }

    public IReadOnlyList<CollectionNode> Children => ChildList;

    /// <summary>Its own namespaces that exist and are rightly its, in order.</summary>
    public IReadOnlyList<string> Namespaces => NamespaceList;

    /// <summary>
    /// Those of its namespaces that the source which declared it may no longer claim: they keep their guardrails, but no source with a
    /// scope can give anything in them.
    /// </summary>
    public IReadOnlySet<string> BeyondScope => BeyondScopeSet;

    /// <summary>Namespaces to make.</summary>
    public IReadOnlyList<string> NamespacesToCreate => CreateList;

    /// <summary>The patterns of registry repositories that are rightly its.</summary>
    public IReadOnlyList<RepositoryPattern> Repositories => RepositoryList;

    /// <summary>Its own nodes, in order.</summary>
    public IReadOnlyList<string> Nodes => NodeList;

    public EffectiveGuardrails Guardrails { get; internal set; } = EffectiveGuardrails.Nothing;

    public IReadOnlyList<CollectionProblem> Problems => ProblemList;

    internal List<CollectionNode> ChildList { get; } = [];

    internal List<string> NamespaceList { get; } = [];

    internal HashSet<string> BeyondScopeSet { get; } = new(StringComparer.Ordinal);

    internal List<string> CreateList { get; } = [];

    internal List<RepositoryPattern> RepositoryList { get; } = [];

    internal List<string> NodeList { get; } = [];

    internal List<CollectionProblem> ProblemList { get; } = [];

    /// <summary>Whether it takes over what is in a namespace: it names it with mode Adopt.</summary>
    public bool Adopts(string @namespace) =>
        Collection.Spec.Namespaces?.Any(n => n.Name == @namespace && n.Mode == NamespaceMode.Adopt) == true;

    /// <summary>Itself and everything below, in path order.</summary>
    public IEnumerable<CollectionNode> Subtree() => new[] { this }.Concat(ChildList.SelectMany(c => c.Subtree()));

    /// <summary>Itself, its parent, and so on up.</summary>
    public IEnumerable<CollectionNode> SelfAndAncestors()
    {
        for (var at = this; at is not null; at = at.Parent)
        {
            yield return at;
        }
    }

    /// <summary>The labels that a namespace or node of this collection carries: one for each level, its value the distance.</summary>
    public SortedDictionary<string, string> TreeLabels()
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal) { [WellKnown.Labels.Collection] = Name };
        var distance = 0;
        foreach (var path in CollectionPath.SelfAndAncestors(Path))
        {
            labels[CollectionPath.TreeLabel(path)] = (distance++).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return labels;
    }
}
