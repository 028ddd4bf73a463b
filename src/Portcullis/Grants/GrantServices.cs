using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Access;
using Portcullis.Cluster;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Access;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Organizations;
using Portcullis.Core.Roles;
using Portcullis.Core.Sources;
using Portcullis.Drift;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Grants;

/// <summary>Registration of grants.</summary>
internal static class GrantServices
{
    public static IServiceCollection AddGrants(this IServiceCollection services)
    {
        services.AddAccess().AddDriftLedger().AddActions();
        services.AddUntypedStore(ClusterKinds.RoleBinding, NamespaceBindings.Selector, o => o.IndexNamespace(NamespaceBindings.NamespaceIndex));
        services.TryAddSingleton<NamespaceBindings>();
        services.TryAddSingleton<BindingReporter>();
        services.AddTargets<BindingTargets>();
        return services.AddController<Grant, GrantStatus, GrantReconciler>(c => c
            .Also<Collection>(
                (collection, grants) => Keys(grants, g =>
                    CollectionPath.IsWithin(collection.Spec.Path, g.Spec.Collection) || CollectionPath.IsWithin(g.Spec.Collection, collection.Spec.Path)),
                WatchedChanges.Content)
            .Also<Organization>(
                (organization, grants) => Keys(grants, g =>
                    g.Spec.Subject.Kind is SubjectKind.Team or SubjectKind.Organization && g.Spec.Subject.Name.Split('/')[0] == organization.Key.Name),
                WatchedChanges.Content)
            .Also<AccessRole>((role, grants) => Keys(grants, g => g.Spec.Role == role.Key.Name), WatchedChanges.Content)
            .Also<GitSource>((source, grants) => Keys(grants, g => g.Metadata.Label(WellKnown.Labels.Source) == source.Key.Name), WatchedChanges.Content)
            .Also<NamespaceObject>(
                (one, grants) => CollectionPathOf(one) is { } path ? Keys(grants, g => CollectionPath.IsWithin(path, g.Spec.Collection)) : [],
                WatchedChanges.Content));
    }

    /// <summary>Members carry their collection's path.</summary>
    private static string? CollectionPathOf(NamespaceObject one) => one.Metadata.Annotation(WellKnown.Annotations.AccessLabel);

    private static IEnumerable<ObjectKey> Keys(IStore<Grant> grants, Func<Grant, bool> concerns) => grants.List().Where(concerns).Select(g => g.Key);
}
