using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Portcullis.Core.Access;
using Portcullis.Core.Identity;
using Portcullis.Identity.Logins;
using Portcullis.Identity.Stored;
using Portcullis.Secrets;

namespace Portcullis.Identity.Issuers;

/// <summary>
/// Tokens of OpenID Connect issuers in the place of a password, as a CI system gives them to its jobs. They are checked here, with the issuer's keys. The
/// name that is given with one does not matter.
/// </summary>
internal sealed class OidcAuthenticator(Providers providers, KnownIssuers issuers, TimeProvider time) : IAuthenticator
{
    /// <summary>Signatures alone: whoever knows a public key could make what counts as a message authentication code.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
    ];

    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(60);
    private static readonly JsonWebTokenHandler Handler = new();

    public GuessBound Bound => GuessBound.None;

    public async ValueTask<LoginVerdict> AuthenticateAsync(LoginAttempt attempt, CancellationToken cancellationToken)
    {
        if (Read(attempt.Password) is not { } token || ProviderOf(token) is not { } provider)
        {
            return LoginVerdict.NotMine.Instance;
        }

        try
        {
            var keys = await issuers.KeysOf(provider).GetAsync(token.Kid ?? "", cancellationToken);
            return await RefusalAsync(token, provider.Spec.Oidc!, keys) is { } reason
                ? new LoginVerdict.Refused($"the token of {token.Issuer} does not count: {reason}")
                : Bearer(token, provider);
        }
        catch (Exception e) when (e is IssuerUnavailableException or BoundSecretException or CryptographicException)
        {
            return new LoginVerdict.Unknown($"the IdentityProvider {provider.Key.Name}: {e.Message}");
        }
    }

    /// <summary>The token names its issuer and audience; whether that is true shows its signature.</summary>
    private IdentityProvider? ProviderOf(JsonWebToken token) =>
        providers.All().FirstOrDefault(p => p.Spec.Oidc is { } oidc && oidc.Issuer == token.Issuer && token.Audiences.Contains(oidc.Audience));

    private async Task<string?> RefusalAsync(JsonWebToken token, OidcIssuer oidc, IList<SecurityKey> keys)
    {
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = oidc.Issuer,
            ValidAudience = oidc.Audience,
            ValidAlgorithms = Algorithms,
            IssuerSigningKeys = keys,
            LifetimeValidator = (from, until, _, _) => IsNow(from, until),
        });
        return result.IsValid ? null : result.Exception switch
        {
            SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException => "it is not valid at this time",
            SecurityTokenSignatureKeyNotFoundException => "the issuer has no key of that name",
            SecurityTokenInvalidAlgorithmException => "its algorithm is not accepted",
            _ => "its signature is not right",
        };
    }

    private bool IsNow(DateTime? from, DateTime? until)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return until is { } end && now <= end + Leeway && (from is null || now >= from - Leeway);
    }

    private LoginVerdict Bearer(JsonWebToken token, IdentityProvider provider)
    {
        var oidc = provider.Spec.Oidc!;
        if (JsonNode.Parse(Base64Url.DecodeFromChars(token.EncodedPayload)) is not JsonObject claims)
        {
            return new LoginVerdict.Refused("the token has no claims");
        }

        if (OidcClaims.Missing(oidc, claims) is { } missing)
        {
            return new LoginVerdict.Refused($"the token has no claim {missing} with a value that the IdentityProvider {provider.Key.Name} accepts");
        }

        return OidcClaims.UserName(oidc, claims) is { } name
            ? new LoginVerdict.Authenticated(new GatewayCaller
            {
                User = new AccessUser(name) { Groups = OidcClaims.Groups(oidc, claims) },
                Method = LoginMethod.OpenIdConnect,
                ExpiresAt = new DateTimeOffset(token.ValidTo, TimeSpan.Zero),
            })
            {
                StillHolds = () => providers.StillHas(provider),
            }
            : new LoginVerdict.Refused($"the token gives no name by {oidc.UserName}");
    }

    private static JsonWebToken? Read(string password)
    {
        if (!TokenShape.IsJsonWebToken(password))
        {
            return null;
        }

        try
        {
            return new JsonWebToken(password);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
