using Portcullis.Access;
using Portcullis.Core.Identity;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Identity.Stored;
using Portcullis.Objects.Json;
using Portcullis.Repositories.Writes;
using Portcullis.Tokens;

namespace Portcullis.TokenService;

/// <summary>Gives a caller the token for what he asks and may have now.</summary>
internal sealed class TokenIssuer(IGatewayKeys keys, AccessState access, DeclaredRepositories repositories, ICallerFacts facts, TimeProvider time)
{
    /// <summary>Null while there are no keys.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="registry">For which gateway.</param>
    /// <param name="scopes">What for.</param>
    /// <param name="proof">What the tokens are to refer to; null for none.</param>
    /// <param name="wantsRefreshToken">Whether the answer is to have a refresh token too.</param>
    public TokenServiceAnswer? Issue(GatewayCaller caller, Registry registry, TokenScopes scopes, string? proof, bool wantsRefreshToken)
    {
        if (keys.Keys is not { } current)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var host = registry.Spec.Host;
        var granted = Granted(caller, registry, scopes, now);
        var claims = TokenIssue.Access(caller, host, granted, now, proof);
        var token = current.Current.Sign(claims);
        return new TokenServiceAnswer
        {
            Token = token,
            AccessToken = token,
            ExpiresIn = claims.ExpiresAt - claims.IssuedAt,
            IssuedAt = KubernetesJson.Time(now),
            Scope = string.Join(' ', granted.Select(Text)),
            TokenType = "Bearer",
            RefreshToken = !wantsRefreshToken || proof is null || caller.IsAnonymous ? null : current.Current.Sign(TokenIssue.Refresh(caller, host, proof, now)),
        };
    }

    private List<TokenAccess> Granted(GatewayCaller caller, Registry registry, TokenScopes scopes, DateTimeOffset now)
    {
        var granted = new List<TokenAccess>(scopes.Asked.Count);

        // With the groups of his Organizations as they are now; they do not stand in the token, so that none outlives a change.
        var user = caller.User is { } one ? one with { Groups = facts.GroupsOf(one.Name, one.Groups) } : null;
        foreach (var scope in scopes.Asked)
        {
            if ((scope.Repository is { } name ? scope.Within(RightsOn(name, caller with { User = user }, registry, now)) : scope.Catalog(caller)) is { } allowed)
            {
                granted.Add(allowed);
            }
        }

        return granted;
    }

    private RepositoryRights RightsOn(string name, GatewayCaller caller, Registry registry, DateTimeOffset now) =>
        repositories.Find(new RepositoryId(registry.Key.Name, name)) is { } declared
            ? RepositoryRights.Of(declared.Spec, caller.User is { } user ? access.Current.Repositories.PermissionOn(user, name, now) : null, caller)
            : RepositoryRights.None;

    private static string Text(TokenAccess access) =>
        $"{access.Type}{(access.Class is null ? "" : $"({access.Class})")}:{access.Name}:{string.Join(',', access.Actions)}";
}
