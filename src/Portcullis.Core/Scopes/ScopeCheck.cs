using Portcullis.Core.Kinds;

namespace Portcullis.Core.Scopes;

/// <summary>
/// What a source may not declare: everything beyond its scope, and for any but the root source also the kinds that reach everything, and what
/// another source owns. Default nothing.
/// </summary>
public static class ScopeCheck
{
    /// <summary><paramref name="ownerOf"/> names the source that an object belongs to now, or null.</summary>
    public static IEnumerable<RevisionProblem> Check(DeclaredRevision revision, ScopeHolder holder, KindSet kinds, Func<DeclaredObject, string?> ownerOf)
    {
        if (holder is { IsRoot: true, Verified: true })
        {
            return [];
        }

        var roles = new RevisionRoles(revision);
        var policy = new ScopePolicy(holder, roles.Find, roles.FindForeign);
        return
            from one in revision.Objects
            from problem in OfOwner(one, holder, ownerOf).Concat(OfClaims(one, policy, kinds))
            select new RevisionProblem(one.PositionOf(problem.Field), $"{one.Resource.Kind} {one.Key}: {problem.Message}");
    }

    private static IEnumerable<(string Field, string Message)> OfOwner(DeclaredObject one, ScopeHolder holder, Func<DeclaredObject, string?> ownerOf) =>
        !holder.IsRoot && ownerOf(one) is { } owner && owner != holder.Source
            ? [("", $"belongs to the GitSource {owner}; only the root source may take it over")]
            : [];

    /// <summary>Of a kind that the source may not declare at all, its content is not judged by the scope as well.</summary>
    private static IEnumerable<(string Field, string Message)> OfClaims(DeclaredObject one, ScopePolicy policy, KindSet kinds)
    {
        var claims = ObjectClaims.Of(one, kinds).ToList();
        var kind = claims.OfType<ScopeClaim.RootOnly>().Where(c => c.IsWhole).Select(policy.Refusal).FirstOrDefault(r => r is not null) ?? policy.KindRefusal(one.Resource);
        return kind is null
            ? Refusals(claims, policy)
            : Refusals(claims.OfType<ScopeClaim.VerifiedSource>(), policy).Append(("kind", kind));
    }

    private static IEnumerable<(string Field, string Message)> Refusals(IEnumerable<ScopeClaim> claims, ScopePolicy policy) =>
        from claim in claims
        let refusal = policy.Refusal(claim)
        where refusal is not null
        select (claim.Field, refusal);
}
