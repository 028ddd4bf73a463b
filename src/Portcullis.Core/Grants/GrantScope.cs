using Portcullis.Core.Collections;
using Portcullis.Core.Roles;
using Portcullis.Core.Sources;

namespace Portcullis.Core.Grants;

/// <summary>What a source may give away: its scope's collections, subjects and maximum role. Whatever a scope does not name is not in it.</summary>
public static class GrantScope
{
    /// <summary>Why the grant is more than the scope allows; null when it is not. An unknown role is not this rule's business.</summary>
    public static string? Refusal(GrantSpec grant, SourceScope? scope, RoleBook roles)
    {
        if (scope?.Collections?.Any(c => CollectionPath.IsWithin(grant.Collection, c.TrimEnd('/'))) != true)
        {
            return $"the collection {grant.Collection} is not in the source's scope.collections";
        }

        var subject = $"{grant.Subject.Kind}:{grant.Subject.Name}";
        if (!Glob.CoversAny(scope.Subjects, subject))
        {
            return $"{subject} is not in the source's scope.subjects";
        }

        var maximum = roles.Find(scope.MaximumRole ?? "None")?.Role ?? BuiltInRoles.None;
        return roles.Find(grant.Role)?.Role is { } role && RoleOrder.FirstExcess(role, maximum) is { } excess
            ? $"the role {grant.Role} gives more than the source's scope.maximumRole {scope.MaximumRole ?? "None"}: {excess}"
            : null;
    }
}
