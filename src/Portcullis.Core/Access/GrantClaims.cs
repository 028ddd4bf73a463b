using Portcullis.Core.Kinds;

namespace Portcullis.Core.Access;

/// <summary>What a grant uses: a collection, a subject, and the power that it gives.</summary>
public static class GrantClaims
{
    public static IEnumerable<ScopeClaim> Of(GrantSpec spec) =>
    [
        new ScopeClaim.Collection("spec.collection", spec.Collection),
        new ScopeClaim.Subject("spec.subject", $"{spec.Subject.Kind}:{spec.Subject.Name}"),
        new ScopeClaim.Role("spec.role", spec.Role),
        new ScopeClaim.RepositoryPermission("spec.repositoryPermission", RoleFor(spec.RepositoryPermission)),
    ];

    /// <summary>The built-in role that holds as much power in a cluster as the permission does over repositories.</summary>
    private static string RoleFor(RepositoryPermission? permission) => permission switch
    {
        RepositoryPermission.Admin => "FullControl",
        RepositoryPermission.ReadWrite or RepositoryPermission.Sign => "RestrictedControl",
        RepositoryPermission.Read => "ViewOnly",
        _ => "None",
    };
}
