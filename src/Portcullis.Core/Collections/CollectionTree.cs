using System.Collections.Concurrent;

namespace Portcullis.Core.Collections;

/// <summary>
/// All collections as a tree, with what belongs to each: the one place that decides which collection a namespace, node or repository is in, and
/// which guardrails hold. The same collections, namespaces and nodes give the same tree, in any order and by whatever changes they came about.
/// Immutable: a change makes another tree, which decides anew only what the change concerns.
/// <list type="bullet">
/// <item>Of two collections with one path the older wins (then the smaller name).</item>
/// <item>A namespace named by several stays where its label says it is; else naming beats selecting, and then the older collection wins.</item>
/// <item>A repository is where the narrowest pattern puts it; of two patterns that contest each other the older collection's holds.</item>
/// <item>A collection being deleted stays in force while it has children.</item>
/// </list>
/// </summary>
public sealed class CollectionTree
{
    private static readonly NodeRule NodeRule = new();

    private readonly NamespaceRule _namespaceRule;
    private readonly CollectionPlaces _places;
    private readonly Membership<NamespaceFact> _namespaces;
    private readonly Membership<NodeFact> _nodes;
    private readonly RepositoryMembership _repositories;
    private readonly ConcurrentDictionary<string, CollectionNode> _asked = new(1, 0, StringComparer.Ordinal);

    private CollectionTree(
        NamespaceRule namespaceRule,
        CollectionPlaces places,
        Membership<NamespaceFact> namespaces,
        Membership<NodeFact> nodes,
        RepositoryMembership repositories)
    {
        _namespaceRule = namespaceRule;
        _places = places;
        _namespaces = namespaces;
        _nodes = nodes;
        _repositories = repositories;
    }

    /// <summary>Without any collection.</summary>
    public static CollectionTree Nothing { get; } = new(
        new NamespaceRule(ClaimScopes.Unlimited), CollectionPlaces.Nothing, Membership<NamespaceFact>.Nothing, Membership<NodeFact>.Nothing, RepositoryMembership.Nothing);

    /// <summary>In path order, so parents come before their children.</summary>
    public IEnumerable<CollectionNode> Nodes => _places.Paths.Select(p => ByPath(p)!);

    /// <summary>A tree of its own, from nothing.</summary>
    public static CollectionTree Build(IEnumerable<Collection> collections, IEnumerable<NamespaceFact> namespaces, IEnumerable<NodeFact> nodes) =>
        Nothing.With(new TreeChange(ListChange.AllOf(collections), ListChange.AllOf(namespaces), ListChange.AllOf(nodes)), ClaimScopes.Unlimited);

    /// <summary>The tree after a change.</summary>
    public CollectionTree With(TreeChange change, ClaimScopes scopes)
    {
        var (places, placed) = _places.With(change.Collections);
        var claims = WithRescoped(placed, places.ByName.Values, change.RescopedSources);
        var rule = new NamespaceRule(scopes);
        return new CollectionTree(
            rule,
            places,
            _namespaces.With(claims, WithRescoped(change.Namespaces, _namespaces.Facts.Values, change.RescopedSources), rule),
            _nodes.With(placed, change.Nodes, NodeRule),
            _repositories.With(claims, scopes));
    }

    public CollectionNode? ByPath(string path) => _places.Holders.TryGetValue(path, out var found) ? Node(found) : null;

    /// <summary>Null when unknown, being deleted, or kept out by another with its path.</summary>
    public CollectionNode? ByName(string name) => _places.ByName.TryGetValue(name, out var found) ? Node(found) : null;

    public CollectionNode? OfNamespace(string name) => _namespaces.OwnerOf(name) is { } owner ? ByName(owner) : null;

    public CollectionNode? OfClusterNode(string name) => _nodes.OwnerOf(name) is { } owner ? ByName(owner) : null;

    /// <summary>The pattern that puts a repository into its collection; null when it is in none.</summary>
    public RepositoryPattern? OfRepository(string name) => _repositories.Narrowest(name) is { } found ? Pattern(found) : null;

    /// <summary>Why a collection is not in the tree at all.</summary>
    public CollectionProblem? WhyOutside(string name) => _places.Outside.GetValueOrDefault(name);

    internal CollectionNode? Above(string path) => _places.Above(path) is { } found ? Node(found) : null;

    internal IReadOnlyList<string> ChildPaths(string path) => _places.ChildrenOf(path);

    internal IEnumerable<CollectionNode> Below(string path) => _places.Below(path).Select(p => ByPath(p)!);

    internal bool IsBeyondScope(Collection collection, string @namespace) => _namespaces.IsBeyondScope(collection.Key.Name, @namespace);

    internal CollectionMembers MembersOf(Collection collection) => new()
    {
        Namespaces = _namespaces.Of(collection.Key.Name, MemberStanding.Member),
        NamespacesToCreate = _namespaces.Of(collection.Key.Name, MemberStanding.ToCreate),
        Nodes = _nodes.Of(collection.Key.Name, MemberStanding.Member),
        Repositories = [.. _repositories.Of(collection.Key.Name).Where(v => v.IsInForce).Select(Pattern)],
        Problems =
        [
            .. _namespaceRule.ProtectedNames(collection),
            .. _namespaces.Problems(collection.Key.Name),
            .. NodeRule.MissingNames(collection, _nodes.Facts.ContainsKey),
            .. _nodes.Problems(collection.Key.Name),
            .. _repositories.Of(collection.Key.Name).Select(v => v.Problem).OfType<CollectionProblem>(),
        ],
    };

    /// <summary>One for each tree and collection, so that what it has worked out is worked out once.</summary>
    private CollectionNode Node(Collection collection) =>
        _asked.GetOrAdd(collection.Spec.Path, static (_, of) => new CollectionNode(of.Tree, of.Collection), (Tree: this, Collection: collection));

    private RepositoryPattern Pattern(RepositoryVerdict verdict) =>
        new(Node(verdict.Claim.Owner), verdict.Claim.Text) { IsBeyondScope = verdict.Problem is not null };

    /// <summary>What a source with another scope than before has declared must be decided anew.</summary>
    private static ListChange<Collection> WithRescoped(ListChange<Collection> change, IEnumerable<Collection> all, IReadOnlySet<string> sources) =>
        WithRescoped(change, all, c => c.Metadata.Label(WellKnown.Labels.Source), sources);

    private static ListChange<NamespaceFact> WithRescoped(ListChange<NamespaceFact> change, IEnumerable<NamespaceFact> all, IReadOnlySet<string> sources) =>
        WithRescoped(change, all, n => n.Labels.GetValueOrDefault(WellKnown.Labels.Source), sources);

    private static ListChange<T> WithRescoped<T>(ListChange<T> change, IEnumerable<T> all, Func<T, string?> sourceOf, IReadOnlySet<string> sources)
        where T : class
    {
        if (sources.Count == 0)
        {
            return change;
        }

        var known = change.Gone.Concat(change.Added).ToHashSet(ReferenceEqualityComparer.Instance);
        var rescoped = all.Where(one => sourceOf(one) is { } source && sources.Contains(source) && !known.Contains(one)).ToList();
        return new ListChange<T>([.. change.Gone, .. rescoped], [.. change.Added, .. rescoped]);
    }
}
