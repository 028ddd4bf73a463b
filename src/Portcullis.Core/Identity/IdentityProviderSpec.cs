using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Portcullis.Core.Identity;

/// <summary>One way to show who one is.</summary>
[Rule("(has(self.ldap) ? 1 : 0) + (has(self.oidc) ? 1 : 0) + (has(self.serviceAccountTokens) ? 1 : 0) == 1", "name exactly one of ldap, oidc and serviceAccountTokens")]
public sealed record IdentityProviderSpec : ISuspendable
{
    [Description("Nobody is recognized by this provider while true.")]
    public bool? Suspend { get; init; }

    [Description("Users of an LDAP directory log in with their name and password there.")]
    public LdapDirectory? Ldap { get; init; }

    [Description("Jobs of a CI system log in with a token of its OpenID Connect issuer as the password.")]
    public OidcIssuer? Oidc { get; init; }

    [Description("Pods log in with a token of their ServiceAccount as the password.")]
    public ServiceAccountAudience? ServiceAccountTokens { get; init; }
}

/// <summary>An LDAP directory. A user is found by a search, or his name is put into a distinguished name; then the directory checks his password.</summary>
[Rule("has(self.userDnTemplate) != has(self.search)", "name userDnTemplate or search, not both")]
public sealed record LdapDirectory
{
    [Description("ldaps://HOST[:PORT], or ldap://HOST[:PORT] together with startTls: true.")]
    [StringLength(512, MinimumLength = 1)]
    [RegularExpression("^ldaps?://[A-Za-z0-9.:\\[\\]-]+/?$")]
    public required string Url { get; init; }

    [Description("Begin TLS on the connection before anything is sent. Needed with ldap://.")]
    public bool? StartTls { get; init; }

    [Description("The Secret in portcullis-system whose ca.crt signs the server's certificate. The system's authorities when empty.")]
    public SecretReference? CaSecretRef { get; init; }

    [Description("The distinguished name of a user, with {user} for his name: uid={user},ou=people,dc=example,dc=com.")]
    [StringLength(1024, MinimumLength = 1)]
    public string? UserDnTemplate { get; init; }

    [Description("How a user's entry is found.")]
    public LdapSearch? Search { get; init; }

    [Description("The attribute of a user's entry that names his groups, for example memberOf. Of a distinguished name the first value counts (cn=dev,ou=groups,… is dev).")]
    [StringLength(128, MinimumLength = 1)]
    [RegularExpression("^[A-Za-z][A-Za-z0-9;-]*$")]
    public string? GroupAttribute { get; init; }
}

/// <summary>A search for a user's entry: exactly one entry must match.</summary>
public sealed record LdapSearch
{
    [Description("The Secret in portcullis-system with username (a distinguished name) and password, for the search.")]
    public required SecretReference BindSecretRef { get; init; }

    [Description("Where the search begins: ou=people,dc=example,dc=com.")]
    [StringLength(1024, MinimumLength = 1)]
    public required string Base { get; init; }

    [Description("Which entry is the user's, with {user} for the name that he gives: (&(objectClass=person)(uid={user})).")]
    [StringLength(1024, MinimumLength = 3)]
    public required string Filter { get; init; }

    [Description("The attribute with the user's name as grants name him. The name that he gives must be the same. Default uid.")]
    [StringLength(128, MinimumLength = 1)]
    [RegularExpression("^[A-Za-z][A-Za-z0-9;-]*$")]
    public string? NameAttribute { get; init; }
}

/// <summary>An issuer of OpenID Connect tokens, such as GitLab is for the id_tokens of its jobs.</summary>
public sealed record OidcIssuer
{
    [Description("The issuer as its tokens name it (iss): https://gitlab.example.com. Its keys are found at ISSUER/.well-known/openid-configuration.")]
    [StringLength(512, MinimumLength = 1)]
    [RegularExpression("^https?://[^\\s?#]+$")]
    public required string Issuer { get; init; }

    [Description("For whom a token must be (aud).")]
    [StringLength(512, MinimumLength = 1)]
    public required string Audience { get; init; }

    [Description("Claims that a token must have. At least one, since everybody who can run a job there has a token of the issuer.")]
    [ListMap("claim")]
    [Items(20, Minimum = 1)]
    public required IReadOnlyList<PinnedClaim> Claims { get; init; }

    [Description("The name under which grants know the bearer, with {CLAIM} for the value of a claim: ci:{project_path}.")]
    [StringLength(253, MinimumLength = 1)]
    public required string UserName { get; init; }

    [Description("The claim that lists the bearer's groups. None when empty.")]
    [StringLength(253, MinimumLength = 1)]
    public string? GroupsClaim { get; init; }

    [Description("The Secret in portcullis-system whose ca.crt signs the issuer's certificate. The system's authorities when empty.")]
    public SecretReference? CaSecretRef { get; init; }
}

/// <summary>A claim and the values that are accepted.</summary>
public sealed record PinnedClaim
{
    [StringLength(253, MinimumLength = 1)]
    [Description("The name of the claim.")]
    public required string Claim { get; init; }

    [Description("One of them must match; * stands for any part: platform/*.")]
    [Items(100, Minimum = 1)]
    [StringLength(1024, MinimumLength = 1)]
    public required IReadOnlyList<string> Values { get; init; }
}

/// <summary>Tokens of the cluster's ServiceAccounts; each is system:serviceaccount:NAMESPACE:NAME.</summary>
public sealed record ServiceAccountAudience
{
    [Description("For whom a token must be: the audience of the pod's projected token. Not that of the API server.")]
    [StringLength(253, MinimumLength = 1)]
    public required string Audience { get; init; }
}
