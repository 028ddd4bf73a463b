using Portcullis.Core.Kinds;

namespace Portcullis.Core.Collections;

/// <summary>
/// All collections as a tree, with what belongs to each: the one place that decides which collection a namespace, node or repository is in, and
/// which guardrails hold. Built from a snapshot; the same snapshot in any order gives the same tree.
/// <list type="bullet">
/// <item>Of two collections with one path the older wins (then the smaller name).</item>
/// <item>A namespace named by several stays where its label says it is; else naming beats selecting, and then the older collection wins.</item>
/// <item>A repository is where the narrowest pattern puts it; of two patterns that contest each other the older collection's holds.</item>
/// <item>A collection being deleted stays in force while it has children.</item>
/// </list>
/// </summary>
public sealed class CollectionTree
{
    private readonly SortedDictionary<string, CollectionNode> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CollectionNode> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CollectionNode> _byNamespace = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CollectionNode> _byClusterNode = new(StringComparer.Ordinal);
    private RepositoryIndex _repositories = new();
    private readonly Dictionary<string, CollectionProblem> _outside = new(StringComparer.Ordinal);

    private CollectionTree()
    {
    }

    /// <summary>In path order, so parents come before their children.</summary>
    public IEnumerable<CollectionNode> Nodes => _byPath.Values;

    /// <summary>
    /// <paramref name="refusal"/> says why a collection's source may not claim something for it; null when it may. <paramref name="covers"/>: whether a
    /// source's scope covers a collection's path.
    /// </summary>
    public static CollectionTree Build(
        IEnumerable<Collection> collections,
        IEnumerable<NamespaceFact> namespaces,
        IEnumerable<NodeFact> nodes,
        string? rootSource = null,
        Func<Collection, ScopeClaim, string?>? refusal = null,
        Func<string, string, bool>? covers = null)
    {
        var tree = new CollectionTree();
        var all = collections.OrderBy(c => c.Metadata.CreationTimestamp ?? DateTimeOffset.MaxValue).ThenBy(c => c.Key).ToList();
        tree.Place(all);
        new CollectionMembership(tree._byPath.Values, rootSource, refusal, covers).Assign(namespaces, nodes, tree._byNamespace, tree._byClusterNode);
        tree._repositories = RepositoryMembership.Assign(all.Select(c => tree._byName.GetValueOrDefault(c.Key.Name)).OfType<CollectionNode>(), refusal);
        foreach (var node in tree._byPath.Values)
        {
            Inherit(node);
        }

        return tree;
    }

    public CollectionNode? ByPath(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>Null when unknown, being deleted, or kept out by another with its path.</summary>
    public CollectionNode? ByName(string name) => _byName.GetValueOrDefault(name);

    public CollectionNode? OfNamespace(string name) => _byNamespace.GetValueOrDefault(name);

    public CollectionNode? OfClusterNode(string name) => _byClusterNode.GetValueOrDefault(name);

    /// <summary>The pattern that puts a repository into its collection; null when it is in none.</summary>
    public RepositoryPattern? OfRepository(string name) => _repositories.Narrowest(name);

    /// <summary>Why a collection is not in the tree at all.</summary>
    public CollectionProblem? WhyOutside(string name) => _outside.GetValueOrDefault(name);

    private void Place(List<Collection> oldestFirst)
    {
        var kept = Kept(oldestFirst);
        var winners = new SortedDictionary<string, Collection>(StringComparer.Ordinal);
        foreach (var collection in oldestFirst)
        {
            var path = collection.Spec.Path;
            if (!kept.Contains(collection.Key))
            {
                _outside[collection.Key.Name] = new CollectionProblem(CollectionReasons.Deleting, "metadata", "the collection is being deleted");
            }
            else if (!winners.TryAdd(path, collection))
            {
                _outside[collection.Key.Name] = new CollectionProblem(
                    CollectionReasons.DuplicatePath, "spec.path", $"{path} is already the path of the collection {winners[path].Key.Name}");
            }
        }

        // Ordinal order of paths puts /a before /a/b, whatever else stands between them.
        foreach (var (path, collection) in winners)
        {
            var parent = CollectionPath.SelfAndAncestors(path).Select(_byPath.GetValueOrDefault).FirstOrDefault(p => p is not null);
            var node = new CollectionNode(collection, parent);
            parent?.ChildList.Add(node);
            if (CollectionPath.Parent(path) is { } wanted && parent?.Path != wanted)
            {
                node.ProblemList.Add(new CollectionProblem(
                    CollectionReasons.ParentMissing, "spec.path", $"there is no collection with the path {wanted}"));
            }

            _byPath[path] = node;
            _byName[node.Name] = node;
        }
    }

    /// <summary>All but those being deleted with nothing left below them; from the leaves up, since a child that goes holds nobody.</summary>
    private static HashSet<ObjectKey> Kept(List<Collection> all)
    {
        var kept = new HashSet<ObjectKey>();
        var paths = new List<string>();
        foreach (var collection in all.OrderByDescending(c => CollectionPath.Depth(c.Spec.Path)))
        {
            var path = collection.Spec.Path;
            if (!collection.Metadata.IsBeingDeleted || paths.Any(p => p.Length > path.Length && CollectionPath.IsWithin(p, path)))
            {
                kept.Add(collection.Key);
                paths.Add(path);
            }
        }

        return kept;
    }

    private static void Inherit(CollectionNode node)
    {
        var (effective, problems) = GuardrailInheritance.Combine(
            node.Parent?.Guardrails ?? EffectiveGuardrails.Nothing, node.Collection.Spec.Guardrails, node.Path, node.Name);
        node.Guardrails = effective;
        node.ProblemList.AddRange(problems.Select(p => new CollectionProblem(CollectionReasons.GuardrailLoosened, p.Field, p.Message)));
    }
}
