namespace Portcullis.Core.Collections;

/// <summary>What holds of claims on namespaces and on nodes alike.</summary>
internal static class MemberClaims
{
    /// <summary>Nothing moves by itself: the present owner keeps it as long as it claims it.</summary>
    public static MemberClaim Choose(IReadOnlyList<MemberClaim> claims, IMember? fact)
    {
        var present = fact?.Labels.GetValueOrDefault(WellKnown.Labels.Collection);
        return claims.FirstOrDefault(c => c.Name == present) ?? claims[0];
    }

    /// <summary>What those are told that name it and do not have it.</summary>
    public static IEnumerable<MemberProblem> Taken(IReadOnlyList<MemberClaim> claims, MemberClaim owner, string reason, string what) =>
        claims.Where(c => !ReferenceEquals(c, owner) && c.Field is not null).Select(c => new MemberProblem(
            c.Name, new CollectionProblem(reason, c.Field!, $"{what} is already in the collection {owner.Collection.Spec.Path}")));
}
