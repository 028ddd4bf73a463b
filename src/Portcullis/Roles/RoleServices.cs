using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Portcullis.Core;
using Portcullis.Core.Grants;
using Portcullis.Core.Roles;
using Portcullis.Grants;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Events;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Objects.Json;
using Prometheus;

namespace Portcullis.Roles;

/// <summary>Registration of roles: the custom ones as a kind, the built-in ones as a loop of their own.</summary>
internal static class RoleServices
{
    public static IServiceCollection AddAccessRoles(this IServiceCollection services)
    {
        services.AddAccessState();
        services.AddUntypedStore(ClusterKinds.ClusterRole, ClusterRoles.Selector);
        services.TryAddSingleton<ClusterRoleExecutor>();
        services.TryAddSingleton<ClusterRoles>();
        services.AddSingleton<IControllerLoop>(BuiltIn);
        return services.AddController<AccessRole, AccessRoleStatus, AccessRoleReconciler>(c =>
        {
            c.FieldManager = WellKnown.Managers.Roles;
            c.Also<Grant>(grant => [ObjectKey.Cluster(grant.Spec.Role)], WatchedChanges.Content);
            c.AlsoUntyped(ClusterKinds.ClusterRole, ClusterRoles.Selector, role => role.Object("metadata").Object("labels").String(WellKnown.Labels.Role) is { } name
                ? [ObjectKey.Cluster(name)]
                : []);
        });
    }

    private static KeyLoop BuiltIn(IServiceProvider services)
    {
        var store = services.GetRequiredService<UntypedStores>().Of(ClusterKinds.ClusterRole, ClusterRoles.Selector);
        var roles = services.GetRequiredService<ClusterRoles>();
        var events = services.GetRequiredService<EventRecorder>();
        return new KeyLoop(
            new KeyLoopOptions("built-in roles")
            {
                Workers = 1,
                Initial = () => BuiltInRoles.All.Select(r => ObjectKey.Cluster(r.Name)),
                Subscribe = queue =>
                [
                    store.Subscribe(change =>
                    {
                        if (change.Key.Name.StartsWith(ResolvedRole.ClusterRolePrefix, StringComparison.Ordinal)
                            && BuiltInRoles.Find(change.Key.Name[ResolvedRole.ClusterRolePrefix.Length..]) is { } role)
                        {
                            queue.Add(ObjectKey.Cluster(role.Name));
                        }
                    }),
                ],
                ReconcileAsync = async (key, cancellationToken) =>
                {
                    var role = BuiltInRoles.Find(key.Name)!;
                    var results = await roles.EnsureAsync(role, cancellationToken);
                    if (results.OfType<ActionResult.Failed>().FirstOrDefault() is { } failed)
                    {
                        throw new InvalidOperationException(failed.Problem.Message);
                    }

                    foreach (var reverted in results.Select(AccessRoleJudge.RevertOf).OfType<ReportedEvent>())
                    {
                        var name = ObjectKey.Cluster(role.ClusterRoleName);
                        events.Record(ClusterKinds.ClusterRole, name, store.Get(name).Object("metadata").String("uid"), null, reverted);
                    }
                },
            },
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<IMetricFactory>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Portcullis.Roles.BuiltInRoles"));
    }
}
