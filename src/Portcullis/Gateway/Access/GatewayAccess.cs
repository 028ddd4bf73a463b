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
        var (declared, rights, isGranted) = RightsOn(new RepositoryId(registry.Key.Name, request.Repository), caller);
        var scope = ScopeOf(request, host);
        if (rights.Allow(needs.Actions) && (!needs.Administrator || rights.IsAdministrator))
        {
            var rule = isGranted ? "grant" : "public";
            return token is null || token.Covers(request.Repository, host, needs.Actions)
                ? new AccessDecision.Allowed(caller, rule, declared)
                : Unauthorized(caller, "token", "the token is for something else", host, scope, BearerChallenge.InsufficientScope);
        }

        // Nobody learns from the answer whether a repository exists that he has no right on.
        return caller.IsAnonymous ? Unauthorized(caller, "grant", "authentication required", host, scope, null)
            : declared is null && isGranted ? new AccessDecision.Refused(caller, "declared", Undeclared(request.Repository, needs))
            : new AccessDecision.Refused(caller, "grant", RegistryError.Denied($"requested access to the resource is denied: {caller} may not {Words(needs)} {request.Repository}"));
    }

    private (Repository? Declared, RepositoryRights Rights, bool IsGranted) RightsOn(RepositoryId repository, GatewayCaller caller)
    {
        var declared = policies.Find(repository);
        var permission = caller.User is { } user ? policies.PermissionOn(user, repository.Name) : null;
        return (declared, RepositoryRights.Of(declared?.Spec, permission, caller), permission is not null);
    }

    private static RegistryError Undeclared(string repository, RequestNeeds needs) => needs.Actions.HasFlag(RepositoryActions.Push)
        ? RegistryError.Denied($"no Repository declares {repository}: add one to Git before pushing to it")
        : RegistryError.NameUnknown(repository);

    private static string Words(RequestNeeds needs) =>
        needs.Administrator ? "administer" : needs.Actions.HasFlag(RepositoryActions.Push) ? "push to" : needs.Actions.HasFlag(RepositoryActions.Delete) ? "delete from" : "pull from";

    private static string? ScopeOf(RegistryRequest request, string host) => request switch
    {
        Catalog => $"{TokenAccess.RegistryType}:{TokenAccess.Catalog.Name}:{ActionNames.All}",
        Trust trust => RequestNeeds.Of(trust).ScopeOf($"{host}/{trust.Repository}"),
        StartUpload { Mount: { } mount } upload =>
            $"{RequestNeeds.Of(upload).ScopeOf(upload.Repository)} {new RequestNeeds(RepositoryActions.Pull, false).ScopeOf(mount.From)}",
        OfRepository one => RequestNeeds.Of(one).ScopeOf(one.Repository),
        _ => null,
    };

    private AccessDecision.Refused Unauthorized(GatewayCaller caller, string rule, string message, string host, string? scope, string? error) =>
        new(caller, rule, RegistryError.Unauthorized(message), BearerChallenge.Of(options.PublicScheme, host, scope, error));
}
