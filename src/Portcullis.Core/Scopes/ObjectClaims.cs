using Portcullis.Core.Kinds;

namespace Portcullis.Core.Scopes;

/// <summary>
/// Everything that a declared object uses: what its kind claims, its own place, and the Secrets that it refers to. Kinds that reach beyond any
/// scope, and kinds of ours that claim nothing, are left to the root source.
/// </summary>
public static class ObjectClaims
{
    public static IEnumerable<ScopeClaim> Of(DeclaredObject one, KindSet kinds)
    {
        var (group, name) = (one.Resource.Group, one.Resource.Kind);
        var ofKind = kinds.FindByGroup(group, name) is { } kind ? OfKind(one, kind)
            : kinds.HasGroup(group) || ReachesEverything(one.Resource) ? [ScopeClaim.RootOnly.Whole(one.Resource)]
            : [];
        return ofKind.Concat(OfPlace(one));
    }

    private static IEnumerable<ScopeClaim> OfKind(DeclaredObject one, KindDefinition kind) => kind.Claims is { } claims
        ? SecretReferences.Of(one.Value["spec"], "spec").Concat(claims(one))
        : [ScopeClaim.RootOnly.Whole(one.Resource)];

    private static bool ReachesEverything(ApiResource resource) =>
        resource.Group == ClusterKinds.ClusterRole.Group || (!resource.Namespaced && !IsNamespace(resource));

    private static IEnumerable<ScopeClaim> OfPlace(DeclaredObject one)
    {
        if (one.Resource.Namespaced)
        {
            yield return new ScopeClaim.Namespace("metadata.namespace", one.Key.Namespace);
        }

        if (IsNamespace(one.Resource))
        {
            yield return new ScopeClaim.Namespace("metadata.name", one.Key.Name);
        }

        if (one.Resource is { Group: "", Kind: "Secret" })
        {
            yield return new ScopeClaim.Secret("metadata.name", one.Key.Name);
        }
    }

    private static bool IsNamespace(ApiResource resource) => resource is { Group: "", Kind: "Namespace" };
}
