using Portcullis.Core.Kinds;

namespace Portcullis.Core.Identity;

/// <summary>Every provider can be asked without showing a password to anybody else, and recognizes more than that somebody has a token.</summary>
public sealed class IdentityProviderRule : IRevisionRule
{
    public IEnumerable<RevisionProblem> Check(DeclaredRevision revision)
    {
        var declared = revision.Of(IdentityProvider.Definition).Select(o => (Object: o, TypedObject.Read<IdentityProvider>(o.Value).Spec)).OrderBy(d => d.Object.Key).ToList();
        return declared.SelectMany(d => IdentityProviderCheck.Of(d.Spec).Select(p => (d.Object, p.Field, p.Message)))
            .Concat(SameIssuer(declared))
            .Select(p => new RevisionProblem(p.Object.PositionOf(p.Field), $"IdentityProvider {p.Object.Key}: {p.Message}"));
    }

    /// <summary>Of two with the same issuer and audience it would be left to chance which says who the bearer is.</summary>
    private static IEnumerable<(DeclaredObject Object, string Field, string Message)> SameIssuer(List<(DeclaredObject Object, IdentityProviderSpec Spec)> declared) =>
        from same in declared.Where(d => d.Spec.Oidc is not null).GroupBy(d => (d.Spec.Oidc!.Issuer, d.Spec.Oidc.Audience))
        from other in same.Skip(1)
        select (other.Object, "spec.oidc.issuer", $"the issuer {same.Key.Issuer} with the audience {same.Key.Audience} is already the IdentityProvider {same.First().Object.Key}'s");
}
