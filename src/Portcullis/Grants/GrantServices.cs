using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Access;
using Portcullis.Actions;
using Portcullis.Cluster;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Organizations;
using Portcullis.Core.Roles;
using Portcullis.Core.Sources;
using Portcullis.Kept;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Grants;

/// <summary>Registration of grants.</summary>
internal static class GrantServices
{
    public static IServiceCollection AddGrants(this IServiceCollection services)
    {
        services.AddAccess().AddKeptObjects().AddActions();
        services.AddUntypedStore(ClusterKinds.RoleBinding, WellKnown.Labels.ManagedSelector, o => o.IndexNamespace(NamespaceBindings.NamespaceIndex));
        services.TryAddSingleton<NamespaceBindings>();
        services.TryAddSingleton<BindingReporter>();
        services.AddTargets<BindingTargets>();
        services.AddStore<Grant>(GrantIndexes.Add);
        return services.AddController<Grant, GrantStatus, GrantReconciler>(c => c
            .Also<Collection>((collection, grants) => GrantIndexes.OnBranch(grants, collection.Spec.Path), WatchedChanges.Content, endsBackOff: true)
            .Also<Organization>((organization, grants) => GrantIndexes.OfOrganization(grants, organization.Key.Name), WatchedChanges.Content, endsBackOff: true)
            .Also<AccessRole>((role, grants) => GrantIndexes.OfRole(grants, role.Key.Name), WatchedChanges.Content, endsBackOff: true)
            .Also<GitSource>((source, grants) => GrantIndexes.OfSource(grants, source.Key.Name), WatchedChanges.Spec, endsBackOff: true)
            .Also<NamespaceObject>(
                (one, grants) => CollectionPathOf(one) is { } path ? GrantIndexes.Reaching(grants, path) : [], WatchedChanges.Content, endsBackOff: true)
            .AlsoUntyped(
                ClusterKinds.ClusterRole,
                WellKnown.Labels.ManagedSelector,
                (role, grants) => role.Object("metadata").Object("labels").String(WellKnown.Labels.Role) is { } name ? GrantIndexes.OfRole(grants, name) : [],
                endsBackOff: true));
    }

    /// <summary>Members carry their collection's path.</summary>
    private static string? CollectionPathOf(NamespaceObject one) => one.Metadata.Annotation(WellKnown.Annotations.AccessLabel);
}
