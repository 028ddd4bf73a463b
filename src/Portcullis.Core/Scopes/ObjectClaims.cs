using Portcullis.Core.Collections;
using Portcullis.Core.Kinds;
using Portcullis.Objects.Json;

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
        return ofKind.Concat(OfPlace(one)).Concat(OfCollections(one));
    }

    /// <summary>What belongs to collections reaches beyond the object that carries it.</summary>
    private static IEnumerable<ScopeClaim> OfCollections(DeclaredObject one)
    {
        var metadata = one.Value.Object("metadata");
        foreach (var (key, _) in metadata.Object("labels") ?? [])
        {
            if (CollectionOwned.IsLabel(key))
            {
                yield return new ScopeClaim.RootOnly($"metadata.labels.{key}", $"set the label {key}");
            }
        }

        foreach (var (key, _) in metadata.Object("annotations") ?? [])
        {
            if (CollectionOwned.IsAnnotation(key))
            {
                yield return new ScopeClaim.RootOnly($"metadata.annotations.{key}", $"set the annotation {key}");
            }
        }

        if (CollectionOwned.IsName(one.Resource, one.Key.Name))
        {
            yield return new ScopeClaim.RootOnly("metadata.name", $"declare a {one.Resource.Kind} with the name {one.Key.Name}");
        }
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
