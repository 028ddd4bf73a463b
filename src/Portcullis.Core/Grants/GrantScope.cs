using Portcullis.Core.Collections;
using Portcullis.Core.Roles;
using Portcullis.Core.Sources;

namespace Portcullis.Core.Grants;

/// <summary>
/// What a source may give away: its scope's collections, subjects and maximum role. Whatever a scope does not name is not in it.
/// Validation of a revision and the bindings themselves both ask here, so that neither admits what the other refuses.
/// </summary>
/// <param name="scope">Null for a source without one.</param>
/// <param name="role">Every role by name.</param>
/// <param name="foreignRole">Only built-in roles and those of others: a maximum of the source's own making would be no limit.</param>
public sealed class GrantScope(SourceScope? scope, Func<string, ResolvedRole?> role, Func<string, ResolvedRole?> foreignRole)
{
    private string MaximumRole => scope?.MaximumRole ?? "None";

    /// <summary>Where the grant is more than the scope allows, and why. An unknown role is not this rule's business.</summary>
    public IEnumerable<(string Path, string Message)> Refusals(GrantSpec grant)
    {
        if (!Covers(scope, grant.Collection))
        {
            yield return ("spec.collection", $"the collection {grant.Collection} is not in the source's scope.collections");
        }

        var subject = $"{grant.Subject.Kind}:{grant.Subject.Name}";
        if (!Glob.CoversAny(scope?.Subjects, subject))
        {
            yield return ("spec.subject", $"{subject} is not in the source's scope.subjects");
        }

        if (role(grant.Role) is { } given && Refusal(given) is { } refusal)
        {
            yield return ("spec.role", refusal);
        }

        var needed = Needed(grant.RepositoryPermission);
        if (Excess(BuiltInRoles.Find(needed)!) is not null)
        {
            yield return ("spec.repositoryPermission", $"the permission needs the role {needed}, and the source's scope.maximumRole is {MaximumRole}");
        }
    }

    /// <summary>Why the source may not give the role, nor declare it; null when it may.</summary>
    public string? Refusal(ResolvedRole given) =>
        Excess(given) is { } excess ? $"the role {given.Name} gives more than the source's scope.maximumRole, {MaximumRole}: {excess}" : null;

    /// <summary>Whether the scope names the collection or one above it.</summary>
    public static bool Covers(SourceScope? scope, string collection) =>
        scope?.Collections?.Any(c => CollectionPath.IsWithin(collection, c.TrimEnd('/'))) == true;

    private string? Excess(ResolvedRole given) =>
        foreignRole(MaximumRole) is { } maximum ? RoleOrder.FirstExcess(given, maximum) : "there is no such role besides the source's own";

    /// <summary>The built-in role that holds as much power in a cluster as the permission does over repositories.</summary>
    private static string Needed(RepositoryPermission? permission) => permission switch
    {
        RepositoryPermission.Admin => "FullControl",
        RepositoryPermission.ReadWrite => "RestrictedControl",
        RepositoryPermission.Read => "ViewOnly",
        _ => "None",
    };
}
