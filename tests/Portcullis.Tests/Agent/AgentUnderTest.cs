using Microsoft.Extensions.Logging.Abstractions;
using Portcullis.Actions;
using Portcullis.Agent;
using Portcullis.Agent.Daemon;
using Portcullis.Agent.Engine;
using Portcullis.Audit;
using Portcullis.Kubernetes;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Tests.Agent;

/// <summary>An agent with all its tasks, put together without a host.</summary>
internal sealed class AgentUnderTest : IAsyncDisposable
{
    private readonly DaemonTask _task;
    private readonly NodeAgent _agent;

    private AgentUnderTest(AgentOptions options, IEngineProcess process, INodeCluster cluster)
    {
        var kubernetes = new KubernetesOptions();
        var runner = new ActionRunner(new ParallelRequests(kubernetes), new AuditLog(NullLoggerFactory.Instance), kubernetes, TimeProvider.System);
        _task = new DaemonTask(options, process, cluster, runner, TimeProvider.System);
        _agent = new NodeAgent(options, [_task], cluster, TimeProvider.System, NullLogger<NodeAgent>.Instance);
    }

    public static async Task<AgentUnderTest> StartAsync(AgentOptions options, IEngineProcess process, INodeCluster cluster)
    {
        var agent = new AgentUnderTest(options, process, cluster);
        await agent._agent.StartAsync(CancellationToken.None);
        return agent;
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.StopAsync(CancellationToken.None);
        _agent.Dispose();
        _task.Dispose();
    }
}
