using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Identity;

/// <summary>How the gateway knows who is asking, beside the passwords of Organizations: a directory, the tokens of an issuer, or those of the cluster.</summary>
public sealed record IdentityProvider : Resource<IdentityProviderSpec, IdentityProviderStatus>, IResource<IdentityProvider>
{
    public static ApiResource Definition { get; } = new(WellKnown.Group, WellKnown.Version, "IdentityProvider", "identityproviders", false)
    {
        ShortNames = ["idp"],
        Categories = [WellKnown.Category],
    };

    public static JsonTypeInfo<IdentityProvider> JsonType => IdentityJsonContext.Default.IdentityProvider;

    /// <summary>No claims: whoever says who somebody is could be anybody, so only the root source may declare one.</summary>
    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description = "How the gateway knows who is asking: an LDAP directory, tokens of an OpenID Connect issuer (a CI system), or tokens of the cluster's ServiceAccounts.",
        Columns =
        [
            new PrinterColumn("LDAP", ".spec.ldap.url"),
            new PrinterColumn("Issuer", ".spec.oidc.issuer"),
            new PrinterColumn("Audience", ".spec.serviceAccountTokens.audience", Priority: 1),
        ],
    })
    {
        MustBeDeclared = _ => true,
        Rules = [new IdentityProviderRule()],
    };
}

public sealed record IdentityProviderStatus : DeclarableStatus;
