using Microsoft.Extensions.DependencyInjection;
using Portcullis.Actions;
using Portcullis.Cluster;
using Portcullis.Core;
using Portcullis.Core.Hardening;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Hardening;

/// <summary>Registration of the operator's side of hardening.</summary>
internal static class HardeningServices
{
    public static IServiceCollection AddHardening(this IServiceCollection services)
    {
        services.AddActions();
        services.AddSingleton<HardeningGatherer>();
        services.AddSingleton<RolloutPermissions>();
        services.AddSingleton<HardeningMetrics>();
        return services.AddController<NodeHardening, NodeHardeningStatus, NodeHardeningReconciler>(controller =>
        {
            // A report or a node concerns every NodeHardening: there are few, and reconciling one costs no request.
            controller.FieldManager = WellKnown.Managers.Hardening;
            controller.Also<NodeReport>((_, store) => Keys(store));
            controller.Also<NodeObject>((_, store) => Keys(store), WatchedChanges.Content);
        });
    }

    private static IEnumerable<ObjectKey> Keys(IStore<NodeHardening> store) => store.List().Select(h => h.Key);
}
