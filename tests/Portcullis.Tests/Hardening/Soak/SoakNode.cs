using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Portcullis.Agent;
using Portcullis.Hardening;
using Portcullis.Http.Connections;
using Portcullis.Kinds;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Schemas.Crds;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Engines;
using Portcullis.Testing.Faults;
using Portcullis.Tests.Access.Soak;
using Portcullis.Tests.Soaks;

namespace Portcullis.Tests.Hardening.Soak;

/// <summary>One seed's world: a cluster of one node, a real engine under its supervisor, and operator and agent, which reach the cluster through faults.</summary>
internal sealed class SoakNode : IAsyncDisposable
{
    public const string Name = "n1";

    private readonly FaultProxy _proxy;
    private readonly SemaphoreSlim _gate = new(1);
    private IHost? _operator;
    private IHost? _agent;

    private SoakNode(TestCluster cluster, DockerEngine engine, SoakFaults faults, FaultProxy proxy)
    {
        Cluster = cluster;
        Engine = engine;
        Faults = faults;
        _proxy = proxy;
        Process = new SoakEngineProcess(engine);
    }

    public TestCluster Cluster { get; }

    public DockerEngine Engine { get; }

    public SoakEngineProcess Process { get; }

    public SoakFaults Faults { get; }

    public FaultInjector Requests => _proxy.Faults;

    public string StateFolder => Path.Combine(Engine.Folder, "agent");

    public static async Task<SoakNode> StartAsync(int seed)
    {
        var cluster = await TestCluster.StartAsync();
        foreach (var kind in Catalog.Default.Kinds.All)
        {
            await cluster.ApplyAsync(CrdWriter.Crd(kind.Resource, kind.Options, kind.Type));
        }

        await cluster.ApplyAsync($"{{apiVersion: v1, kind: Node, metadata: {{name: {Name}, labels: {{tier: a}}}}}}");
        var faults = new SoakFaults(new FaultInjector(), seed, AccessFaults.Choose);
        var proxy = await FaultProxy.StartAsync(cluster.Connection, faults.Injector);
        var node = new SoakNode(cluster, await DockerEngine.StartAsync("{}", CancellationToken.None), faults, proxy);
        await node.RestartOperatorAsync();
        await node.RestartAgentAsync(() => { });
        return node;
    }

    /// <summary>In the middle of whatever it does.</summary>
    public Task RestartOperatorAsync() => _gate.AloneAsync(async () =>
    {
        await StopAsync(_operator);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        SoakLog.To(builder.Logging);
        builder.Services.AddKubernetes(Connection());
        builder.Services.AddHardening();
        _operator = builder.Build();
        await _operator.StartAsync();
    });

    public Task RestartAgentAsync(Action meanwhile) => _gate.AloneAsync(async () =>
    {
        await StopAsync(_agent);
        meanwhile();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        SoakLog.To(builder.Logging);
        builder.Services.AddKubernetes(Connection());
        builder.Services.AddAgent(
            new AgentOptions
            {
                NodeName = Name,
                Engine = Engine.Address,
                DaemonJson = Engine.DaemonJson,
                PidFile = Engine.PidFile,
                StateFolder = StateFolder,
                StartBound = TimeSpan.FromSeconds(20),
                Resync = TimeSpan.FromMilliseconds(700),
            },
            _ => Process);
        _agent = builder.Build();
        await _agent.StartAsync();
    });

    public async ValueTask DisposeAsync()
    {
        await StopAsync(_agent);
        await StopAsync(_operator);
        await Process.EndAsync();
        await Engine.DisposeAsync();
        await _proxy.DisposeAsync();
        await Cluster.DisposeAsync();
        _gate.Dispose();
    }

    /// <summary>The attributes of the last reload of the engine that runs now, out of its own memory; null when there was none. And how many there were.</summary>
    public async Task<(JsonObject? Last, int Count)> ReloadsAsync()
    {
        using var http = new HttpClient(UnixSocket.CreateHandler(Engine.Socket));
        var until = (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000m).ToString("0.000000000", CultureInfo.InvariantCulture);
        var text = await http.GetStringAsync(new Uri($"http://engine/events?since=1&until={until}&filters={Uri.EscapeDataString("{\"type\":[\"daemon\"]}")}"));
        var reloads = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!.AsObject())
            .Where(e => e["Action"]?.GetValue<string>() == "reload").ToList();
        return (reloads.LastOrDefault()?["Actor"]?["Attributes"]?.AsObject(), reloads.Count);
    }

    private KubernetesConnection Connection() => new() { Server = _proxy.Address, Credentials = Cluster.Connection.Credentials };

    private static async Task StopAsync(IHost? host)
    {
        if (host is not null)
        {
            await host.StopAsync();
            host.Dispose();
        }
    }
}
