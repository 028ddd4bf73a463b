using Microsoft.Extensions.DependencyInjection;
using Portcullis.Core;
using Portcullis.Core.Hardening;
using Portcullis.Kubernetes.Hosting;

namespace Portcullis.Agent;

/// <summary>The node's side of hardening: in a process of its own, or in that of <c>portcullis up</c>.</summary>
internal static class AgentServices
{
    public static IServiceCollection AddAgent(this IServiceCollection services, AgentOptions options, Func<IServiceProvider, IEngineProcess> keeper)
    {
        services.AddSingleton(options);
        services.AddSingleton(keeper);
        services.AddStore<NodeHardening>();
        services.AddStore<NodeReport>();
        services.AddUntypedStore(ClusterKinds.Node);
        services.AddSingleton<AgentStores>();
        services.AddSingleton<INodeCluster, AgentObjects>();
        services.AddHostedService<NodeAgent>();
        return services;
    }
}
