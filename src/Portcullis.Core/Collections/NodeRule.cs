namespace Portcullis.Core.Collections;

/// <summary>Decides whose a node is. Nobody makes nodes, so that one which does not exist is nobody's.</summary>
internal sealed class NodeRule : IMembershipRule<NodeFact>
{
    public IEnumerable<(string Name, MemberClaim Claim)> ByName(Collection collection) =>
        Names(collection).Distinct(StringComparer.Ordinal).Select(n => (n, new MemberClaim(collection, "spec.nodes.names", NamespaceMode.Adopt)));

    public LabelSelector? Selector(Collection collection) => collection.Spec.Nodes?.Selector;

    public bool MayBeSelected(NodeFact fact, Collection collection) => true;

    public MemberVerdict? Decide(string name, NodeFact? fact, IReadOnlyList<MemberClaim> claims)
    {
        if (fact is null)
        {
            return null;
        }

        var owner = MemberClaims.Choose(claims, fact);
        return new MemberVerdict(
            owner.Name, MemberStanding.Member, false, [.. MemberClaims.Taken(claims, owner, CollectionReasons.NodeTaken, $"the node {name}")]);
    }

    /// <summary>A collection that isolates a node which is not there isolates nothing.</summary>
    public static IEnumerable<CollectionProblem> MissingNames(Collection collection, Func<string, bool> exists) =>
        Names(collection)
            .Select((name, i) => (Name: name, Field: $"spec.nodes.names[{i}]"))
            .Where(n => !exists(n.Name))
            .Select(n => new CollectionProblem(CollectionReasons.NodeMissing, n.Field, $"there is no node {n.Name} in the cluster", Waits: true));

    private static IReadOnlyList<string> Names(Collection collection) => collection.Spec.Nodes?.Names ?? [];
}
