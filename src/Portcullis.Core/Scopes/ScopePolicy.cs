using Portcullis.Core.Collections;
using Portcullis.Core.Kinds;
using Portcullis.Core.Roles;

namespace Portcullis.Core.Scopes;

/// <summary>
/// What a source may use of the platform. Whatever its scope does not name is not in it. Validation of a revision, and access as it is in
/// force after a scope was narrowed, both ask here, so that neither admits what the other refuses.
/// </summary>
/// <param name="holder">The source.</param>
/// <param name="role">Every role by name.</param>
/// <param name="foreignRole">Only built-in roles and those of others: a maximum of the source's own making would be no limit.</param>
public sealed class ScopePolicy(ScopeHolder holder, Func<string, ResolvedRole?> role, Func<string, ResolvedRole?> foreignRole)
{
    private SourceScope Scope => holder.Scope;

    private string MaximumRole => Scope.MaximumRole ?? "None";

    /// <summary>Why the source may not claim this; null when it may.</summary>
    public string? Refusal(ScopeClaim claim) => claim switch
    {
        ScopeClaim.VerifiedSource verified => holder.Verified ? null : $"{verified.Effect}: only a source with signature verification may set it",
        _ when holder.IsRoot => null,
        ScopeClaim.RootOnly root => $"only the root source may {root.Act}",
        ScopeClaim.Collection collection => CollectionRefusal(collection.Path),
        ScopeClaim.Repository repository => Unlisted(Scope.Repositories, repository.Pattern, $"the repository {repository.Pattern}", "repositories"),
        ScopeClaim.Namespace space => NamespaceRefusal(space.Name),
        ScopeClaim.AnyNamespace => Glob.CoversAny(Scope.Namespaces, "*")
            ? null
            : "a selector may match any namespace, and the source's scope.namespaces does not contain *",
        ScopeClaim.Secret secret => Unlisted(Scope.Secrets, secret.Name, $"the Secret {secret.Name}", "secrets"),
        ScopeClaim.Subject subject => Unlisted(Scope.Subjects, subject.Text, subject.Text, "subjects"),
        ScopeClaim.Role given => role(given.Name) is { } found ? RoleRefusal(found) : null,
        ScopeClaim.RepositoryPermission permission => Excess(BuiltInRoles.Find(permission.NeededRole)!) is null
            ? null
            : $"the permission needs the role {permission.NeededRole}, and the source's scope.maximumRole is {MaximumRole}",
        _ => throw new InvalidOperationException($"{claim.GetType().Name} is no claim that a scope knows"),
    };

    /// <summary>Why the source may not declare objects of a kind at all; null when its scope lists the kind, by its short or its full name.</summary>
    public string? KindRefusal(ApiResource resource)
    {
        var full = resource.Group.Length == 0 ? resource.Kind : $"{resource.Kind}.{resource.Group}";
        return holder.IsRoot || Scope.Kinds?.Any(k => k == full || (resource.Group == WellKnown.Group && k == resource.Kind)) == true
            ? null
            : $"the kind {full} is not in the source's scope.kinds";
    }

    private static string? Unlisted(IReadOnlyList<string>? patterns, string text, string thing, string list) =>
        Glob.CoversAny(patterns, text) ? null : $"{thing} is not in the source's scope.{list}";

    private string? CollectionRefusal(string path) => Scope.Collections?.Any(c => CollectionPath.IsWithin(path, c.TrimEnd('/'))) == true
        ? null
        : $"the collection {path} is not in the source's scope.collections";

    private string? NamespaceRefusal(string name) =>
        name.StartsWith("kube-", StringComparison.Ordinal) || name == "default" || name.StartsWith("portcullis-", StringComparison.Ordinal)
            ? $"the namespace {name} is reserved for the root source"
            : Unlisted(Scope.Namespaces, name, $"the namespace {name}", "namespaces");

    private string? RoleRefusal(ResolvedRole given) =>
        Excess(given) is { } excess ? $"the role {given.Name} grants more than the source's scope.maximumRole, {MaximumRole}: {excess}" : null;

    private string? Excess(ResolvedRole given) =>
        foreignRole(MaximumRole) is { } maximum ? RoleOrder.FirstExcess(given, maximum) : "it is neither built in nor declared by another source";
}
