using Portcullis.Core.Access;
using Portcullis.Core.Identity;
using Portcullis.Core.Registries;
using Portcullis.Core.Registries.Requests;
using Portcullis.Core.Repositories;
using Portcullis.Tokens;
using static Portcullis.Core.Registries.Requests.RegistryRequest;

namespace Portcullis.Gateway.Access;

/// <summary>
/// Decides each request: by what its token is for, and by what Repositories and Grants allow at this moment. A token that was issued before a grant
/// was taken away gives nothing any more.
/// </summary>
internal sealed class GatewayAccess(ITokenVerifier tokens, IRepositoryPolicies policies, GatewayOptions options)
{
    private const string Scheme = "Bearer ";

    /// <param name="request">Read and legal.</param>
    /// <param name="registry">The registry that it is for.</param>
    /// <param name="authorization">The header; empty for none.</param>
    public AccessDecision Decide(RegistryRequest request, Registry registry, string authorization)
    {
        var host = registry.Spec.Host;
        TokenVerdict.Accepted? token = null;
        if (authorization.Length > 0)
        {
            var verdict = authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
                ? tokens.Verify(authorization[Scheme.Length..].Trim(), host)
                : new TokenVerdict.Refused("a password is for the token service");
            if (verdict is TokenVerdict.Refused refused)
            {
                return Unauthorized(GatewayCaller.Anonymous, "token", $"the token does not count: {refused.Reason}", host, ScopeOf(request, host), BearerChallenge.InvalidToken);
            }

            token = (TokenVerdict.Accepted)verdict;
        }

        return request switch
        {
            OfRepository of => OfOne(of, registry, token),
            Catalog when token is { CoversCatalog: true, Caller.IsAnonymous: false } => new AccessDecision.Allowed(token.Caller, "catalog"),
            _ when request is not Catalog && token is not null => new AccessDecision.Allowed(token.Caller, "token"),
            _ => Unauthorized(token?.Caller ?? GatewayCaller.Anonymous, "token", "authentication required", host, ScopeOf(request, host), null),
        };
    }

    /// <summary>Whether the caller may pull from another repository, as a mount does.</summary>
    public bool MayPull(Registry registry, GatewayCaller caller, string repository, string authorization)
    {
        var rights = RightsOn(new RepositoryId(registry.Key.Name, repository), caller).Rights;
        return rights.Allow(RepositoryActions.Pull)
            && (authorization.Length == 0
                || (tokens.Verify(authorization[Scheme.Length..].Trim(), registry.Spec.Host) as TokenVerdict.Accepted)?.Covers(repository, registry.Spec.Host, RepositoryActions.Pull) == true);
    }

    /// <summary>Whether the caller sees a repository in lists.</summary>
    public bool MaySee(Repository repository, GatewayCaller caller) =>
        RightsOn(new RepositoryId(repository.Spec.Registry, repository.Spec.Name), caller).Rights.Allow(RepositoryActions.Pull);

    private AccessDecision OfOne(OfRepository request, Registry registry, TokenVerdict.Accepted? token)
    {
        var (host, caller, needs) = (registry.Spec.Host, token?.Caller ?? GatewayCaller.Anonymous, RequestNeeds.Of(request));
        var (declared, rights, grant) = RightsOn(new RepositoryId(registry.Key.Name, request.Repository), caller);
        var scope = ScopeOf(request, host);
        if (needs.AreMetBy(rights))
        {
            var rule = grant is null ? "public" : $"grant {grant.Grant}";
            return token is null || token.Covers(request.Repository, host, needs.Actions)
                ? new AccessDecision.Allowed(caller, rule, declared)
                : Unauthorized(caller, "token", "the token is for something else", host, scope, BearerChallenge.InsufficientScope);
        }

        // Nobody learns from the answer whether a repository exists that he has no right on: he who may not gets one answer for both.
        return caller.IsAnonymous ? Unauthorized(caller, "grant", "authentication required", host, scope, null)
            : declared is null && needs.AreMetBy(RepositoryRights.Of(new RepositorySpec { Registry = registry.Key.Name, Name = request.Repository }, grant?.Permission, caller)) ? new AccessDecision.Refused(caller, "declared", Undeclared(request.Repository, needs))
            : new AccessDecision.Refused(caller, "grant", RegistryError.Denied($"requested access to the resource is denied: {caller} may not {Words(needs)} {request.Repository}"));
    }

    private (Repository? Declared, RepositoryRights Rights, RepositoryGrant? Grant) RightsOn(RepositoryId repository, GatewayCaller caller)
    {
        var declared = policies.Find(repository);
        var grant = caller.User is { } user && caller.Limit?.Covers(repository.Name) != false ? policies.GreatestOn(user, repository.Name) : null;
        return (declared, RepositoryRights.Of(declared?.Spec, grant?.Permission, caller), grant);
    }

    private static RegistryError Undeclared(string repository, RequestNeeds needs) => (needs.Actions & (RepositoryActions.Push | RepositoryActions.Sign)) != RepositoryActions.None
        ? RegistryError.Undeclared(repository)
        : RegistryError.NameUnknown(repository);

    private static string Words(RequestNeeds needs) =>
        needs.Administrator ? "administer" : needs.Actions.HasFlag(RepositoryActions.Push) ? "push to" : needs.Actions.HasFlag(RepositoryActions.Sign) ? "publish trust data of" : needs.Actions.HasFlag(RepositoryActions.Delete) ? "delete from" : "pull from";

    private static string? ScopeOf(RegistryRequest request, string host) => request switch
    {
        Catalog => $"{TokenAccess.RegistryType}:{TokenAccess.Catalog.Name}:{ActionNames.All}",
        TrustData trust => RequestNeeds.Of(trust).ScopeOf($"{host}/{trust.Repository}"),
        StartUpload { Mount: { } mount } upload =>
            $"{RequestNeeds.Of(upload).ScopeOf(upload.Repository)} {new RequestNeeds(RepositoryActions.Pull, false).ScopeOf(mount.From)}",
        OfRepository one => RequestNeeds.Of(one).ScopeOf(one.Repository),
        _ => null,
    };

    private AccessDecision.Refused Unauthorized(GatewayCaller caller, string rule, string message, string host, string? scope, string? error) =>
        new(caller, rule, RegistryError.Unauthorized(message), BearerChallenge.Of(options.PublicScheme, host, scope, error));
}
