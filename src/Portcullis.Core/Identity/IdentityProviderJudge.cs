namespace Portcullis.Core.Identity;

/// <summary>A provider has no effect of its own: the gateways ask it when somebody logs in. This says whether they can use it.</summary>
public static class IdentityProviderJudge
{
    public static Reconciled<IdentityProviderStatus> Judge(IdentityProviderSpec spec)
    {
        var problems = IdentityProviderCheck.Of(spec).Select(p => new Problem(IdentityReasons.InvalidIdentityProvider, p.Field, p.Message)).ToList();
        Outcome outcome = problems.Count > 0 ? Outcome.Stalled.By(problems) : new Outcome.Ready(Describe(spec));
        return new Reconciled<IdentityProviderStatus>(outcome, new IdentityProviderStatus());
    }

    private static string Describe(IdentityProviderSpec spec) =>
        spec.Ldap is { } ldap ? $"users of {ldap.Url} can log in"
        : spec.Oidc is { } oidc ? $"tokens of {oidc.Issuer} are accepted"
        : $"ServiceAccount tokens for {spec.ServiceAccountTokens?.Audience} are accepted";
}
