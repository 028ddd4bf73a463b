using Portcullis.EndToEnd.Agent;
using Portcullis.EndToEnd.Clusters;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Git;

namespace Portcullis.EndToEnd.MainJob;

/// <summary>
/// Operator and agent as in a cluster: processes of their own with the ServiceAccounts' tokens and the rights of config/, on the
/// embedded API or on the cluster that PORTCULLIS_TEST_KUBECONFIG names.
/// </summary>
internal sealed class ClusterStage : Stage
{
    private readonly OperatorWorld _world;
    private readonly AgentSite _site;
    private PortcullisProcess? _operator;
    private PortcullisProcess? _agent;

    private ClusterStage(OperatorWorld world, AgentSite site)
    {
        _world = world;
        _site = site;
    }

    public override string Mark => _world.Mark;

    public override string Root => _world.Root;

    public override GitWorkspace Git => _world.Git;

    public override string DaemonJson => _site.Engine.DaemonJson;

    public override string EngineAddress => _site.Engine.Address;

    public override Kubectl Kubectl => _world.Kubectl;

    /// <summary>Who names a cluster says by PORTCULLIS_TEST_WEBHOOKS=local that its API server runs on this machine.</summary>
    public override bool KnowsUsers => !TestCluster.IsNamed || Environment.GetEnvironmentVariable("PORTCULLIS_TEST_WEBHOOKS") == "local";

    public override (string Label, string Value)? Nodes => ("test", _site.Node);

    public static async Task<ClusterStage> CreateAsync()
    {
        var world = await OperatorWorld.StartAsync();
        return new ClusterStage(world, await AgentSite.StartAsync(world, "main"));
    }

    public override Task StartAsync()
    {
        _operator = _world.StartOperator(KnowsUsers ? ["--admission", "local", "--admission-port", "0", "--edits", "Revert"] : []);
        _agent = _site.StartAgent();
        return Task.CompletedTask;
    }

    public override async Task KillAsync()
    {
        foreach (var process in (PortcullisProcess[])[_operator!, _agent!])
        {
            await process.KillAsync();
            await process.DisposeAsync();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_operator is not null && _agent is not null)
        {
            await _agent.DisposeAsync();
            await _operator.DisposeAsync();
        }

        await _site.DisposeAsync();
        await _world.DisposeAsync();
    }
}
