using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Access;
using Portcullis.Actions;
using Portcullis.Cluster;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Sources;
using Portcullis.Drift;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Collections;

/// <summary>Registration of collections.</summary>
internal static class CollectionServices
{
    public static IServiceCollection AddCollections(this IServiceCollection services)
    {
        services.AddAccess().AddDriftLedger().AddActions();
        services.AddStore<NamespaceObject>(o => o.KeepManagedFields = true);
        services.AddStore<NamespaceObject>(o => o.Index(CollectionGatherer.OwnerIndex, n => CollectionGatherer.OwnerOf(n.Metadata)));
        services.AddStore<NodeObject>(o => o.Index(CollectionGatherer.OwnerIndex, n => CollectionGatherer.OwnerOf(n.Metadata)));
        foreach (var resource in GuardrailObjects.Kinds)
        {
            services.AddUntypedStore(resource, GuardrailStores.Selector, o => o.IndexLabel(GuardrailStores.OwnerIndex, WellKnown.Labels.Collection));
        }

        services.TryAddSingleton<GuardrailStores>();
        services.TryAddSingleton<CollectionGatherer>();
        services.TryAddSingleton<CollectionExecutor>();
        services.TryAddSingleton<NetworkPolicySupport>();
        return services.AddController<Collection, CollectionStatus, CollectionReconciler>(c =>
        {
            c.Also<Collection>(Related, WatchedChanges.Content);
            c.Also<NamespaceObject>(OfNamespace, WatchedChanges.Content);
            c.Also<NodeObject>(OfNode, WatchedChanges.Any);
            c.Also<GitSource>((source, all) => all.List().Where(one => one.Metadata.Label(WellKnown.Labels.Source) == source.Key.Name).Select(one => one.Key), WatchedChanges.Content);
            foreach (var resource in GuardrailObjects.Kinds)
            {
                c.AlsoUntyped(resource, GuardrailStores.Selector, OfGuardrail);
            }
        });
    }

    /// <summary>Those above and below, and those that want the same things.</summary>
    private static IEnumerable<ObjectKey> Related(Collection changed, IStore<Collection> all)
    {
        var path = changed.Spec.Path;
        var named = (changed.Spec.Namespaces ?? []).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        return all.List()
            .Where(c => c.Key != changed.Key
                && (CollectionPath.IsWithin(c.Spec.Path, path)
                    || CollectionPath.Parent(path) == c.Spec.Path
                    || (c.Spec.Namespaces ?? []).Any(n => named.Contains(n.Name))
                    || (c.Spec.Repositories ?? []).Any(r => (changed.Spec.Repositories ?? []).Any(other => Glob.Overlap(r, other)))
                    || (changed.Spec.NamespaceSelector is not null && c.Spec.NamespaceSelector is not null)))
            .Select(c => c.Key);
    }

    private static IEnumerable<ObjectKey> OfNamespace(NamespaceObject one, IStore<Collection> all)
    {
        var name = one.Metadata.Key.Name;
        var label = one.Metadata.Label(WellKnown.Labels.Collection);
        var path = one.Metadata.Annotation(WellKnown.Annotations.AccessLabel);
        return all.List()
            .Where(c => c.Key.Name == label
                || c.Spec.Path == path
                || (c.Spec.Namespaces ?? []).Any(n => n.Name == name)
                || c.Spec.NamespaceSelector?.Matches(one.Metadata.Labels) == true)
            .Select(c => c.Key);
    }

    private static IEnumerable<ObjectKey> OfNode(NodeObject one, IStore<Collection> all)
    {
        var name = one.Metadata.Key.Name;
        var label = one.Metadata.Label(WellKnown.Labels.Collection);
        var path = one.Metadata.Annotation(WellKnown.Annotations.AccessLabel);
        return all.List()
            .Where(c => c.Key.Name == label || c.Spec.Path == path || c.Spec.Nodes?.Names?.Contains(name) == true || c.Spec.Nodes?.Selector?.Matches(one.Metadata.Labels) == true)
            .Select(c => c.Key);
    }

    /// <summary>
    /// The object's own label may be what was tampered with, or another collection's that had the namespace before. Which namespaces a
    /// selector takes in is not known here; few collections have one.
    /// </summary>
    private static IEnumerable<ObjectKey> OfGuardrail(JsonObject value, IStore<Collection> all)
    {
        var (label, @namespace) = (value.Object("metadata").Object("labels").String(WellKnown.Labels.Collection), value.Object("metadata").String("namespace"));
        return all.List()
            .Where(c => c.Key.Name == label || c.Spec.NamespaceSelector is not null || (c.Spec.Namespaces ?? []).Any(n => n.Name == @namespace))
            .Select(c => c.Key);
    }
}
