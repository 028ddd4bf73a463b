using System.Text.Json;
using Portcullis.Objects;
using System.Text.Json.Nodes;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Kinds;
using Portcullis.Core.Roles;
using Portcullis.Core.Scopes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Tests.Scopes;

/// <summary>
/// What a source may not declare (design section 8): everything beyond its scope; for any but the root source also the kinds that
/// reach everything, and what another source owns. Default nothing.
/// </summary>
public static class OldScopeCheck
{
    private static readonly string[] RootKinds = ["GitSource", "Registry", "IdentityProvider", "NodeHardening"];

    /// <summary>daemon.json keys that give root on a node to whoever sets them.</summary>
    private static readonly string[] RootGivingKeys = ["runtimes", "hosts", "authorization-plugins", "data-root"];

    /// <summary><paramref name="ownerOf"/> names the source that an object belongs to now, or null.</summary>
    public static IEnumerable<RevisionProblem> Check(DeclaredRevision revision, ScopeHolder holder, Func<DeclaredObject, string?> ownerOf) =>
        revision.Objects.SelectMany(one => CheckObject(one, revision, holder, ownerOf)
            .Select(p => new RevisionProblem(one.PositionOf(p.Path), $"{one.Resource.Kind} {one.Key}: {p.Message}")));

    private static IEnumerable<(string Path, string Message)> CheckObject(
        DeclaredObject one, DeclaredRevision revision, ScopeHolder holder, Func<DeclaredObject, string?> ownerOf)
    {
        if (one.Resource is { Group: WellKnown.Group, Kind: "NodeHardening" } && !holder.Verified)
        {
            foreach (var problem in CheckRootGivingKeys(one.Value))
            {
                yield return problem;
            }
        }

        if (holder.IsRoot)
        {
            yield break;
        }

        if (ownerOf(one) is { } owner && owner != holder.Source)
        {
            yield return ("", $"belongs to the GitSource {owner}; only the root source may take it over");
        }

        var refused = CheckKind(one.Resource, holder.Scope);
        var found = refused is null ? CheckPlace(one, holder.Scope).Concat(CheckContent(one, revision, holder.Scope)) : [("kind", refused)];
        foreach (var problem in found)
        {
            yield return problem;
        }
    }

    private static string? CheckKind(ApiResource resource, SourceScope scope)
    {
        var ours = resource.Group == WellKnown.Group;
        if ((ours && RootKinds.Contains(resource.Kind)) || resource.Group == "rbac.authorization.k8s.io" || (!ours && !resource.Namespaced && resource.Kind != "Namespace"))
        {
            return $"only the root source may declare {resource.Kind}";
        }

        var qualified = resource.Group.Length == 0 ? resource.Kind : $"{resource.Kind}.{resource.Group}";
        return scope.Kinds?.Any(k => k == qualified || (ours && k == resource.Kind)) == true
            ? null
            : $"the kind {qualified} is not in the source's scope.kinds";
    }

    private static IEnumerable<(string Path, string Message)> CheckPlace(DeclaredObject one, SourceScope scope)
    {
        if (one.Resource.Namespaced && NamespaceRefusal(one.Key.Namespace, scope) is { } refusal)
        {
            yield return ("metadata.namespace", refusal);
        }

        if (one.Resource is { Group: "", Kind: "Namespace" } && NamespaceRefusal(one.Key.Name, scope) is { } own)
        {
            yield return ("metadata.name", own);
        }

        if (one.Resource is { Group: "", Kind: "Secret" } && !Glob.CoversAny(scope.Secrets, one.Key.Name))
        {
            yield return ("metadata.name", $"the Secret {one.Key.Name} is not in the source's scope.secrets");
        }
    }

    /// <summary>Why a source with this scope may not have the namespace; null when it may.</summary>
    public static string? NamespaceRefusal(string name, SourceScope scope)
    {
        if (name.StartsWith("kube-", StringComparison.Ordinal) || name == "default" || name.StartsWith("portcullis-", StringComparison.Ordinal))
        {
            return $"the namespace {name} is the root source's alone";
        }

        return Glob.CoversAny(scope.Namespaces, name) ? null : $"the namespace {name} is not in the source's scope.namespaces";
    }

    private static IEnumerable<(string Path, string Message)> CheckContent(DeclaredObject one, DeclaredRevision revision, SourceScope scope)
    {
        if (one.Resource.Group != WellKnown.Group)
        {
            return [];
        }

        var problems = SecretReferences(one.Value["spec"], "spec")
            .Where(r => !Glob.CoversAny(scope.Secrets, r.Name))
            .Select(r => (r.Path, $"the Secret {r.Name} is not in the source's scope.secrets"));
        return problems.Concat(one.Resource.Kind switch
        {
            "Collection" => CheckCollection(one.Value.Deserialize(Collection.JsonType)!.Spec, scope),
            "Grant" => Grants(revision, scope).Refusals(one.Value.Deserialize(Grant.JsonType)!.Spec),
            "AccessRole" => CheckRole(one, Grants(revision, scope)),
            "Organization" when !Glob.CoversAny(scope.Subjects, $"Organization:{one.Key.Name}") =>
                [("metadata.name", $"Organization:{one.Key.Name} is not in the source's scope.subjects")],
            _ => CheckNames(one.Value["spec"] as JsonObject, scope),
        });
    }

    private static IEnumerable<(string Path, string Message)> CheckCollection(CollectionSpec spec, SourceScope scope)
    {
        if (!OldGrantScope.Covers(scope, spec.Path))
        {
            yield return ("spec.path", $"the collection {spec.Path} is not in the source's scope.collections");
        }

        foreach (var (space, index) in (spec.Namespaces ?? []).Select((space, index) => (space, index)))
        {
            if (NamespaceRefusal(space.Name, scope) is { } refusal)
            {
                yield return ($"spec.namespaces[{index}].name", refusal);
            }
        }

        if (spec.NamespaceSelector is not null && !Glob.CoversAny(scope.Namespaces, "*"))
        {
            yield return ("spec.namespaceSelector", "a selector may match any namespace, and the source's scope.namespaces does not hold *");
        }

        if (spec.Nodes is not null)
        {
            yield return ("spec.nodes", "only the root source may give nodes to a collection");
        }

        foreach (var repository in (spec.Repositories ?? []).Where(r => !Glob.CoversAny(scope.Repositories, r)))
        {
            yield return ("spec.repositories", $"the repository {repository} is not in the source's scope.repositories");
        }
    }

    private static IEnumerable<(string Path, string Message)> CheckRole(DeclaredObject one, OldGrantScope grants)
    {
        var role = RoleResolver.Resolve(one.Key.Name, one.Value.Deserialize(AccessRole.JsonType)!.Spec).Role;
        return grants.Refusal(role) is { } refusal ? [("spec", refusal)] : [];
    }

    private static OldGrantScope Grants(DeclaredRevision revision, SourceScope scope) =>
        new(scope, name => RoleOf(name, revision), name => RoleOf(name, revision with { Objects = [] }));

    private static ResolvedRole? RoleOf(string name, DeclaredRevision revision)
    {
        if (BuiltInRoles.Find(name) is { } builtIn)
        {
            return builtIn;
        }

        var spec = revision.Of(AccessRole.Definition).FirstOrDefault(o => o.Key.Name == name) is { } declared
            ? TypedObject.Read<AccessRole>(declared.Value).Spec
            : TypedObject.InForce<AccessRole>(revision).FirstOrDefault(r => r.Key.Name == name)?.Spec;
        return spec is null ? null : RoleResolver.Resolve(name, spec).Role;
    }

    /// <summary>Kinds that name a collection or a repository in the usual fields.</summary>
    private static IEnumerable<(string Path, string Message)> CheckNames(JsonObject? spec, SourceScope scope)
    {
        foreach (var field in new[] { "repository", "source", "target", "name" })
        {
            if (spec.String(field) is { } repository && repository.Contains('/', StringComparison.Ordinal) && !Glob.CoversAny(scope.Repositories, repository))
            {
                yield return ($"spec.{field}", $"the repository {repository} is not in the source's scope.repositories");
            }
        }

        if (spec.String("collection") is { } collection && !OldGrantScope.Covers(scope, collection))
        {
            yield return ("spec.collection", $"the collection {collection} is not in the source's scope.collections");
        }
    }

    private static IEnumerable<(string Path, string Message)> CheckRootGivingKeys(JsonObject value)
    {
        foreach (var (name, member) in value.Object("spec") ?? [])
        {
            foreach (var key in RootGivingKeys.Where(k => (member as JsonObject)?.ContainsKey(k) == true))
            {
                yield return ($"spec.{name}.{key}", $"{key} gives root on the node: only a source with signature verification may set it");
            }
        }
    }

    private static IEnumerable<(string Path, string Name)> SecretReferences(JsonNode? node, string path)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    var inner = $"{path}.{name}";
                    if (name.EndsWith("ecretRef", StringComparison.Ordinal) && value.String("name") is { } secret)
                    {
                        yield return ($"{inner}.name", secret);
                    }

                    foreach (var found in SecretReferences(value, inner))
                    {
                        yield return found;
                    }
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    foreach (var found in SecretReferences(items[i], string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{path}[{i}]")))
                    {
                        yield return found;
                    }
                }

                break;
        }
    }
}

/// <summary>
/// What a source may give away: its scope's collections, subjects and maximum role. Whatever a scope does not name is not in it.
/// Validation of a revision and the bindings themselves both ask here, so that neither admits what the other refuses.
/// </summary>
/// <param name="scope">Null for a source without one.</param>
/// <param name="role">Every role by name.</param>
/// <param name="foreignRole">Only built-in roles and those of others: a maximum of the source's own making would be no limit.</param>
public sealed class OldGrantScope(SourceScope? scope, Func<string, ResolvedRole?> role, Func<string, ResolvedRole?> foreignRole)
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
