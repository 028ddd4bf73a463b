using System.Collections.Concurrent;
using Portcullis.Core.Access;
using Portcullis.Core.Identity;
using Portcullis.Identity.Stored;

namespace Portcullis.Tokens;

/// <summary>
/// Reads the gateway's own tokens. A signature is checked once for each token; that it has not expired, and that the access token behind it is still
/// there, each time.
/// </summary>
internal sealed class TokenVerifier(IGatewayKeys keys, ICallerFacts facts, TimeProvider time) : ITokenVerifier
{
    /// <summary>How far the clocks of two gateways may differ.</summary>
    private const long LeewaySeconds = 60;

    private const int MostKept = 20_000;

    private readonly ConcurrentDictionary<string, (TokenClaims Claims, GatewayKeySet Keys)> _read = new(StringComparer.Ordinal);

    public TokenVerdict Verify(string bearer, string host)
    {
        if (keys.Keys is not { } current)
        {
            return new TokenVerdict.Refused("the keys of the token service have not been read yet");
        }

        if (Read(bearer, current) is not { } claims)
        {
            return new TokenVerdict.Refused("it is not signed by this gateway");
        }

        return Refusal(claims, TokenIssue.AudienceOf(host)) is { } reason ? new TokenVerdict.Refused(reason) : CallerOf(claims);
    }

    /// <summary>Why the claims do not count for this audience now; null when they do.</summary>
    public string? Refusal(TokenClaims claims, string audience)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return claims.Issuer != TokenIssue.Issuer ? "it is of another issuer"
            : claims.Audience != audience ? $"it is for {claims.Audience}, not for {audience}"
            : now > claims.ExpiresAt + LeewaySeconds ? "it has expired"
            : now < claims.NotBefore - LeewaySeconds ? "it is not valid yet"
            : null;
    }

    /// <summary>The claims of a token of ours; null for anything else, whatever it says of itself.</summary>
    public TokenClaims? Read(string token, GatewayKeySet current)
    {
        if (_read.TryGetValue(token, out var known) && ReferenceEquals(known.Keys, current))
        {
            return known.Claims;
        }

        if (token.Length > TokenIssue.LongestToken || current.Accepted.Select(k => k.Read(token)).FirstOrDefault(c => c is not null) is not { } claims)
        {
            return null;
        }

        if (_read.Count >= MostKept)
        {
            _read.Clear();
        }

        _read[token] = (claims, current);
        return claims;
    }

    private TokenVerdict CallerOf(TokenClaims claims)
    {
        if (claims.Subject.Length == 0)
        {
            return new TokenVerdict.Accepted(GatewayCaller.Anonymous, claims.Access ?? []);
        }

        AccessTokenLimit? limit = null;
        if (claims.AccessToken is { } name && (limit = facts.LimitOf(name, claims.Subject, claims.Proof)) is null)
        {
            return new TokenVerdict.Refused($"the access token {name} of {claims.Subject} is no longer valid");
        }

        return new TokenVerdict.Accepted(
            new GatewayCaller
            {
                User = new AccessUser(claims.Subject) { Groups = facts.GroupsOf(claims.Subject, claims.Groups ?? []) },
                Method = claims.Login ?? LoginMethod.Password,
                Limit = limit,
                ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(claims.ExpiresAt),
            },
            claims.Access ?? []);
    }
}
