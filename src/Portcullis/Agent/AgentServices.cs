using Microsoft.Extensions.DependencyInjection;
using Portcullis.Actions;
using Portcullis.Agent.Daemon;
using Portcullis.Agent.Engine;
using Portcullis.Cluster;
using Portcullis.Core.Hardening;
using Portcullis.Kubernetes.Declarations;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Agent;

/// <summary>Registration of the agent: in a process of its own, or in that of <c>portcullis up</c>.</summary>
internal static class AgentServices
{
    public static IServiceCollection AddAgent(this IServiceCollection services, AgentOptions options, Func<IServiceProvider, IEngineProcess> engine)
    {
        services.AddActions();
        services.AddSingleton(options);
        services.AddSingleton(engine);
        services.AddDeclared<NodeHardening>();
        services.AddStore<NodeReport>();
        services.AddStore<NodeObject>();
        services.AddSingleton<AgentStores>();
        services.AddSingleton<NodeReportWriter>();
        services.AddSingleton<INodeCluster, NodeCluster>();
        services.AddTasks();
        return services.AddHostedService<NodeAgent>();
    }

    /// <summary>The tasks of the agent.</summary>
    private static void AddTasks(this IServiceCollection services)
    {
        services.AddSingleton<INodeTask, DaemonTask>();
    }
}
