using Portcullis.Core.Kinds;

namespace Portcullis.Core.Collections;

/// <summary>
/// Decides whose each namespace and node is. <paramref name="rootSource"/> alone may claim protected namespaces;
/// <paramref name="refusal"/> says why a source may not claim a namespace; <paramref name="covers"/> whether a source's scope covers a path.
/// </summary>
internal sealed class CollectionMembership(
    IEnumerable<CollectionNode> collections, string? rootSource, Func<Collection, ScopeClaim, string?>? refusal, Func<string, string, bool>? covers)
{
    private readonly List<CollectionNode> _collections =
        [.. collections.OrderBy(c => c.Collection.Metadata.CreationTimestamp ?? DateTimeOffset.MaxValue).ThenBy(c => c.Collection.Key)];

    public void Assign(
        IEnumerable<NamespaceFact> namespaces,
        IEnumerable<NodeFact> nodes,
        Dictionary<string, CollectionNode> namespaceOwners,
        Dictionary<string, CollectionNode> nodeOwners)
    {
        var present = namespaces.ToDictionary(n => n.Name, StringComparer.Ordinal);
        foreach (var (name, claims) in NamespaceClaims(present))
        {
            var fact = present.GetValueOrDefault(name);
            var owner = Choose(claims, fact?.Labels);
            foreach (var loser in claims.Where(c => c != owner && c.Field is not null))
            {
                loser.Collection.ProblemList.Add(new CollectionProblem(
                    CollectionReasons.NamespaceTaken, loser.Field!, $"the namespace {name} is already in the collection {owner.Collection.Path}"));
            }

            if (IsWithinScope(owner, name, fact) && Admit(owner, name, fact))
            {
                namespaceOwners[name] = owner.Collection;
            }
        }

        var known = nodes.ToList();
        ReportMissingNodes(known);
        foreach (var (name, claims) in NodeClaims(known))
        {
            var owner = Choose(claims.Claims, claims.Labels);
            foreach (var loser in claims.Claims.Where(c => c != owner && c.Field is not null))
            {
                loser.Collection.ProblemList.Add(new CollectionProblem(
                    CollectionReasons.NodeTaken, loser.Field!, $"the node {name} is already in the collection {owner.Collection.Path}"));
            }

            nodeOwners[name] = owner.Collection;
            owner.Collection.NodeList.Add(name);
        }
    }

    /// <summary>Every claim on every namespace; those by name carry their field.</summary>
    private SortedDictionary<string, List<Claim>> NamespaceClaims(Dictionary<string, NamespaceFact> present)
    {
        var claims = new SortedDictionary<string, List<Claim>>(StringComparer.Ordinal);
        foreach (var collection in _collections)
        {
            var spec = collection.Collection.Spec;
            var named = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < (spec.Namespaces?.Count ?? 0); i++)
            {
                var entry = spec.Namespaces![i];
                if (!named.Add(entry.Name))
                {
                    continue;
                }

                if (ProtectedNamespaces.Contains(entry.Name) && !IsRoot(collection))
                {
                    collection.ProblemList.Add(new CollectionProblem(
                        CollectionReasons.ProtectedNamespace,
                        $"spec.namespaces[{i}].name",
                        $"the namespace {entry.Name} may be put into a collection only by the root source"));
                    continue;
                }

                Add(claims, entry.Name, new Claim(collection, $"spec.namespaces[{i}].name", entry.Mode ?? NamespaceMode.Create));
            }

            if (spec.NamespaceSelector is { } selector)
            {
                foreach (var fact in present.Values.Where(f =>
                    !named.Contains(f.Name) && !ProtectedNamespaces.Contains(f.Name) && selector.Matches(f.Labels) && MayJoin(f, collection)))
                {
                    Add(claims, fact.Name, new Claim(collection, null, NamespaceMode.Adopt));
                }
            }
        }

        return claims;
    }

    /// <summary>A collection that isolates a node which is not there isolates nothing.</summary>
    private void ReportMissingNodes(List<NodeFact> known)
    {
        var present = known.Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var collection in _collections)
        {
            var names = collection.Collection.Spec.Nodes?.Names ?? [];
            for (var i = 0; i < names.Count; i++)
            {
                if (!present.Contains(names[i]))
                {
                    collection.ProblemList.Add(new CollectionProblem(
                        CollectionReasons.NodeMissing, $"spec.nodes.names[{i}]", $"there is no node {names[i]} in the cluster", Waits: true));
                }
            }
        }
    }

    private SortedDictionary<string, (IReadOnlyDictionary<string, string> Labels, List<Claim> Claims)> NodeClaims(IReadOnlyList<NodeFact> nodes)
    {
        var result = new SortedDictionary<string, (IReadOnlyDictionary<string, string>, List<Claim>)>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            var claims = new List<Claim>();
            foreach (var collection in _collections)
            {
                if (collection.Collection.Spec.Nodes is not { } wanted)
                {
                    continue;
                }

                if (wanted.Names?.Contains(node.Name) == true)
                {
                    claims.Add(new Claim(collection, "spec.nodes.names", NamespaceMode.Adopt));
                }
                else if (wanted.Selector?.Matches(node.Labels) == true)
                {
                    claims.Add(new Claim(collection, null, NamespaceMode.Adopt));
                }
            }

            if (claims.Count > 0)
            {
                result[node.Name] = (node.Labels, claims);
            }
        }

        return result;
    }

    /// <summary>A namespace never moves by itself: the present owner keeps it as long as it claims it.</summary>
    private static Claim Choose(List<Claim> claims, IReadOnlyDictionary<string, string>? labels)
    {
        var present = labels?.GetValueOrDefault(WellKnown.Labels.Collection);
        return claims.FirstOrDefault(c => c.Collection.Name == present) ?? claims.FirstOrDefault(c => c.Field is not null) ?? claims[0];
    }

    /// <summary>
    /// Nothing new beyond the scope of its source. What the collection had before the scope was narrowed it keeps, so that guardrails do
    /// not fall, but out of reach.
    /// </summary>
    private bool IsWithinScope(Claim claim, string name, NamespaceFact? fact)
    {
        var collection = claim.Collection;
        var field = claim.Field ?? "spec.namespaceSelector";
        if (refusal?.Invoke(collection.Collection, new ScopeClaim.Namespace(field, name)) is not { } message)
        {
            return true;
        }

        collection.ProblemList.Add(new CollectionProblem(CollectionReasons.BeyondScope, field, message));
        collection.BeyondScopeSet.Add(name);
        return fact?.Labels.GetValueOrDefault(WellKnown.Labels.Collection) == collection.Name;
    }

    private static bool Admit(Claim claim, string name, NamespaceFact? fact)
    {
        var collection = claim.Collection;
        if (fact is null)
        {
            if (claim.Mode == NamespaceMode.Create)
            {
                collection.CreateList.Add(name);
                return true;
            }

            collection.ProblemList.Add(new CollectionProblem(
                CollectionReasons.NamespaceMissing, claim.Field!, $"the namespace {name} does not exist yet, and mode Adopt does not create it", Waits: true));
            return false;
        }

        if (fact.IsBeingDeleted)
        {
            collection.ProblemList.Add(new CollectionProblem(
                CollectionReasons.NamespaceMissing, claim.Field ?? "spec.namespaceSelector", $"the namespace {name} is being deleted", Waits: true));
            return false;
        }

        var isOurs = fact.Labels.ContainsKey(WellKnown.Labels.Collection) || fact.Annotations.ContainsKey(WellKnown.Annotations.CreatedFor);
        if (claim.Mode == NamespaceMode.Create && !isOurs)
        {
            collection.ProblemList.Add(new CollectionProblem(
                CollectionReasons.NamespaceExists, claim.Field!, $"the namespace {name} already exists and was not created by Portcullis: write mode: Adopt to take it over"));
            return false;
        }

        collection.NamespaceList.Add(name);
        return true;
    }

    /// <summary>
    /// Labels are the words of whoever declares the namespace: a source with a scope must not choose a collection for it that the scope does not
    /// cover.
    /// </summary>
    private bool MayJoin(NamespaceFact fact, CollectionNode collection) =>
        fact.Labels.GetValueOrDefault(WellKnown.Labels.Source) is not { } source || covers?.Invoke(source, collection.Path) != false;

    private bool IsRoot(CollectionNode collection) =>
        collection.Collection.Metadata.Label(WellKnown.Labels.Source) is not { } source || source == rootSource;

    private static void Add(SortedDictionary<string, List<Claim>> claims, string name, Claim claim)
    {
        if (!claims.TryGetValue(name, out var list))
        {
            claims[name] = list = [];
        }

        list.Add(claim);
    }

    /// <summary><see cref="Field"/> is null for a claim by selector.</summary>
    private sealed record Claim(CollectionNode Collection, string? Field, NamespaceMode Mode);
}
