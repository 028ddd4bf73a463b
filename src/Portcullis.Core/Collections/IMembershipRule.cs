namespace Portcullis.Core.Collections;

/// <summary>How members of one kind are claimed, and who of those that claim one has it.</summary>
internal interface IMembershipRule<TFact>
    where TFact : class, IMember
{
    /// <summary>What a collection claims by name, each name once.</summary>
    IEnumerable<(string Name, MemberClaim Claim)> ByName(Collection collection);

    LabelSelector? Selector(Collection collection);

    /// <summary>Whether a collection's selector may take it in at all.</summary>
    bool MayBeSelected(TFact fact, Collection collection);

    /// <summary>
    /// Claims by name first, the older before the younger; there is one at least. Null when there is nothing to say. <paramref name="fact"/> is null when
    /// it does not exist.
    /// </summary>
    MemberVerdict? Decide(string name, TFact? fact, IReadOnlyList<MemberClaim> claims);
}
