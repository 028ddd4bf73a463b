namespace Portcullis.Core.Collections;

/// <summary>One collection in its place in a tree. What it says is worked out when it is asked for, and kept.</summary>
public sealed class CollectionNode
{
    private readonly CollectionTree _tree;
    private CollectionMembers? _members;
    private Inherited? _inherited;

    internal CollectionNode(CollectionTree tree, Collection collection)
    {
        _tree = tree;
        Collection = collection;
    }

    public Collection Collection { get; }

    public string Name => Collection.Key.Name;

    public string Path => Collection.Spec.Path;

    public CollectionNode? Parent => _tree.Above(Path);

    /// <summary>The paths of the nearest collections below it, in order.</summary>
    public IReadOnlyList<string> ChildPaths => _tree.ChildPaths(Path);

    /// <summary>Its own namespaces that exist and are rightly its, in order.</summary>
    public IReadOnlyList<string> Namespaces => Members.Namespaces;

    /// <summary>Namespaces to make.</summary>
    public IReadOnlyList<string> NamespacesToCreate => Members.NamespacesToCreate;

    /// <summary>The patterns of registry repositories that are rightly its.</summary>
    public IReadOnlyList<RepositoryPattern> Repositories => Members.Repositories;

    /// <summary>Its own nodes, in order.</summary>
    public IReadOnlyList<string> Nodes => Members.Nodes;

    public EffectiveGuardrails Guardrails => Inheritance.Guardrails;

    public IReadOnlyList<CollectionProblem> Problems =>
    [
        .. MissingParent(),
        .. Members.Problems,
        .. Inheritance.Problems.Select(p => new CollectionProblem(CollectionReasons.GuardrailLoosened, p.Field, p.Message)),
    ];

    private CollectionMembers Members => _members ??= _tree.MembersOf(Collection);

    private Inherited Inheritance => _inherited ??= Inherit();

    /// <summary>
    /// Whether one of its namespaces is one that the source which declared it may no longer claim: it keeps its guardrails, but no source with a scope
    /// can give anything in it.
    /// </summary>
    public bool IsBeyondScope(string @namespace) => _tree.IsBeyondScope(Collection, @namespace);

    /// <summary>Whether it takes over what is in a namespace: it names it with mode Adopt.</summary>
    public bool Adopts(string @namespace) =>
        Collection.Spec.Namespaces?.Any(n => n.Name == @namespace && n.Mode == NamespaceMode.Adopt) == true;

    /// <summary>Itself and everything below, in path order.</summary>
    public IEnumerable<CollectionNode> Subtree() => _tree.Below(Path).Prepend(this);

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

    private Inherited Inherit()
    {
        var (effective, problems) = GuardrailInheritance.Combine(Parent?.Guardrails ?? EffectiveGuardrails.Nothing, Collection.Spec.Guardrails, Path, Name);
        return new Inherited(effective, problems);
    }

    private IEnumerable<CollectionProblem> MissingParent() => CollectionPath.Parent(Path) is { } wanted && Parent?.Path != wanted
        ? [new CollectionProblem(CollectionReasons.ParentMissing, "spec.path", $"there is no collection with the path {wanted}")]
        : [];

    /// <summary>An object, so that other threads see all of it or nothing.</summary>
    private sealed record Inherited(EffectiveGuardrails Guardrails, IReadOnlyList<GuardrailProblem> Problems);
}
