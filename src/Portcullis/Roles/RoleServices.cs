using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Access;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Grants;
using Portcullis.Core.Roles;
using Portcullis.Kept;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Roles;

/// <summary>Registration of roles: the custom ones as a kind, the built-in ones as a loop of their own.</summary>
internal static class RoleServices
{
    public static IServiceCollection AddAccessRoles(this IServiceCollection services)
    {
        services.AddAccess().AddKeptObjects().AddActions();
        services.AddUntypedStore(ClusterKinds.ClusterRole, WellKnown.Labels.ManagedSelector);
        services.TryAddSingleton<ClusterRoleExecutor>();
        services.TryAddSingleton<ClusterRoles>();
        services.AddTargets<BuiltInRoleTargets>();
        return services.AddController<AccessRole, AccessRoleStatus, AccessRoleReconciler>(c =>
        {
            c.FieldManager = WellKnown.Managers.Roles;
            c.Also<Grant>(grant => [ObjectKey.Cluster(grant.Spec.Role)], WatchedChanges.Content, endsBackOff: true);
            c.AlsoUntyped(ClusterKinds.ClusterRole, WellKnown.Labels.ManagedSelector, role => role.Object("metadata").Object("labels").String(WellKnown.Labels.Role) is { } name
                ? [ObjectKey.Cluster(name)]
                : []);
        });
    }
}
