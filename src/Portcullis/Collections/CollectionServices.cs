using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Access;
using Portcullis.Actions;
using Portcullis.Bindings;
using Portcullis.Cluster;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Sources;
using Portcullis.Kept;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Collections;

/// <summary>Registration of collections.</summary>
internal static class CollectionServices
{
    public static IServiceCollection AddCollections(this IServiceCollection services)
    {
        services.AddAccess().AddKeptObjects().AddActions();
        services.AddStore<Collection>(CollectionIndexes.Add);
        services.AddStore<NamespaceObject>(o => o.KeepManagedFields = true);
        services.AddStore<NamespaceObject>(o => o.Index(CollectionGatherer.OwnerIndex, n => CollectionGatherer.OwnerOf(n.Metadata)));
        services.AddStore<NodeObject>(o => o.Index(CollectionGatherer.OwnerIndex, n => CollectionGatherer.OwnerOf(n.Metadata)));
        foreach (var resource in GuardrailObjects.Kinds)
        {
            services.AddUntypedStore(resource, WellKnown.Labels.ManagedSelector, o => o.IndexLabel(GuardrailStores.OwnerIndex, WellKnown.Labels.Collection));
        }

        UngrantedBindings.Add(services);
        services.TryAddSingleton<GuardrailStores>();
        services.TryAddSingleton<CollectionGatherer>();
        services.TryAddSingleton<CollectionExecutor>();
        services.TryAddSingleton<NetworkPolicySupport>();
        services.TryAddSingleton<CollectionReporter>();
        services.TryAddSingleton<StrayMarks>();
        services.AddTargets<StrayLabelTargets>();
        return services.AddController<Collection, CollectionStatus, CollectionReconciler>(c =>
        {
            c.Also<Collection>(CollectionIndexes.Related, WatchedChanges.Content, endsBackOff: true);
            c.Also<NamespaceObject>(CollectionIndexes.OfNamespace, WatchedChanges.Content);
            c.Also<NodeObject>(CollectionIndexes.OfNode, WatchedChanges.Any);
            c.Also<GitSource>((source, all) => CollectionIndexes.OfSource(source.Key.Name, all), WatchedChanges.Spec, endsBackOff: true);
            c.AlsoUntyped(ClusterKinds.RoleBinding, null, CollectionIndexes.OfBinding);
            foreach (var resource in GuardrailObjects.Kinds)
            {
                c.AlsoUntyped(resource, WellKnown.Labels.ManagedSelector, CollectionIndexes.OfGuardrail);
            }
        });
    }
}
