using Microsoft.Extensions.DependencyInjection;
using Portcullis.Core;
using Portcullis.Core.Hardening;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Hardening;

/// <summary>The operator's side of hardening.</summary>
internal static class HardeningServices
{
    public static IServiceCollection AddHardening(this IServiceCollection services)
    {
        services.AddSingleton<HardeningFleet>();
        services.AddSingleton<HardeningMetrics>();
        return services.AddController<NodeHardening, NodeHardeningStatus, NodeHardeningReconciler>(controller =>
        {
            // A report or a node concerns every NodeHardening: their number is small, and the visit costs no request.
            controller.FieldManager = WellKnown.Managers.Hardening;
            controller.Also<NodeReport>((_, store) => Keys(store));
            controller.AlsoUntyped(ClusterKinds.Node, null, (_, store) => Keys(store));
        });
    }

    private static IEnumerable<ObjectKey> Keys(IStore<NodeHardening> store) => store.List().Select(h => h.Key);
}
