using Portcullis.Core.Access;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Identity;

/// <summary>What somebody may do in one repository now: all that the token service and the gateway decide by.</summary>
/// <param name="Actions">Allowed; None also when he may not know that the repository exists.</param>
/// <param name="IsAdministrator">Whether he may ask for <c>*</c>.</param>
public sealed record RepositoryRights(RepositoryActions Actions, bool IsAdministrator)
{
    public static RepositoryRights None { get; } = new(RepositoryActions.None, false);

    private static readonly RepositoryRights Pull = new(RepositoryActions.Pull, false);
    private static readonly RepositoryRights Sign = new(RepositoryActions.Pull | RepositoryActions.Sign, false);
    private static readonly RepositoryRights Write = new(Sign.Actions | RepositoryActions.Push | RepositoryActions.Delete, false);
    private static readonly RepositoryRights Administer = Write with { IsAdministrator = true };

    /// <summary>What visibility, the grants and the access token leave, with DTR's levels: who may write may delete tags and publish trust data too.</summary>
    /// <param name="repository">Null when Git declares none of that name: then nobody has any right.</param>
    /// <param name="permission">The most that a grant gives the caller on it now; null for nothing.</param>
    /// <param name="caller">Who asks.</param>
    public static RepositoryRights Of(RepositorySpec? repository, RepositoryPermission? permission, GatewayCaller caller)
    {
        if (repository is null)
        {
            return None;
        }

        // What everybody has, an access token does not take away: without it its user could pull all the same.
        var leastRights = repository.Visibility == RepositoryVisibility.Public ? Pull : None;
        return Within(permission, repository.Name, caller) switch
        {
            RepositoryPermission.Read => Pull,
            RepositoryPermission.Sign => Sign,
            RepositoryPermission.ReadWrite => Write,
            RepositoryPermission.Admin => Administer,
            _ => leastRights,
        };
    }

    /// <summary>Whether all of these are allowed.</summary>
    public bool Allow(RepositoryActions actions) => (Actions & actions) == actions;

    private static RepositoryPermission? Within(RepositoryPermission? permission, string repository, GatewayCaller caller) => caller switch
    {
        { IsAnonymous: true } => null,
        { Limit: null } => permission,
        { Limit: var limit } when !limit.Covers(repository) => null,
        { Limit: var limit } => permission > limit.Permission ? limit.Permission : permission,
    };
}
