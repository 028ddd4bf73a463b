using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;
using Portcullis.EndToEnd.Clusters;
using Portcullis.EndToEnd.Programs;
using Portcullis.Kubernetes.Client;
using Portcullis.Testing;
using Portcullis.Testing.Engines;
using Portcullis.Testing.Faults;

namespace Portcullis.EndToEnd.Agent;

/// <summary>One node in a world: a real dockerd, a Node, and the agent as a process with the token of a pod on that Node.</summary>
internal sealed class AgentSite : IAsyncDisposable
{
    /// <summary>What somebody else keeps in daemon.json.</summary>
    private const string Foreign = """{"mtu": 1400}""";

    private readonly OperatorWorld _world;
    private readonly string _kubeconfig;
    private readonly string _restart;

    private AgentSite(OperatorWorld world, string node, DockerEngine engine, FaultProxy proxy, string kubeconfig)
    {
        _world = world;
        _kubeconfig = kubeconfig;
        _restart = engine.WriteRestartCommand();
        Node = node;
        Engine = engine;
        Proxy = proxy;
        Directory.CreateDirectory(StateFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Files = new FileWrites(Path.GetDirectoryName(engine.DaemonJson)!, StateFolder);
    }

    /// <summary>The Node's name, and that of the NodeHardening that selects it.</summary>
    public string Node { get; }

    public DockerEngine Engine { get; }

    public FaultProxy Proxy { get; }

    public FileWrites Files { get; }

    private string StateFolder => Path.Combine(Engine.Folder, "state");

    private KubernetesClient Client => _world.Cluster.Client;

    public static async Task<AgentSite> StartAsync(OperatorWorld world, string name)
    {
        var node = $"{name}-{world.Mark}";
        await world.Cluster.ApplyAsync($"apiVersion: v1\nkind: Node\nmetadata: {{name: {node}, labels: {{test: {node}}}}}\n");
        var proxy = await FaultProxy.StartAsync(world.Cluster.Connection);
        var kubeconfig = await world.Installation.AgentKubeconfigAsync(node, Path.Combine(world.Folder, $"{node}.kubeconfig"), proxy.Address);
        return new AgentSite(world, node, await DockerEngine.StartAsync(Foreign, CancellationToken.None), proxy, kubeconfig);
    }

    public PortcullisProcess StartAgent() => PortcullisProcess.Start(
        "agent", "--node", Node, "--engine", Engine.Address, "--daemon-json", Engine.DaemonJson, "--pid-file", Engine.PidFile, "--state", StateFolder,
        "--restart-command", _restart, "--engine-log", Engine.LogFile, "--kubeconfig", _kubeconfig);

    /// <summary>Once the agent has said for the first time how its node is.</summary>
    public Task ReportedAsync() => Eventually.HoldsAsync(
        async () => IsReady(await Client.GetAsync(NodeReport.Definition, ObjectKey.Cluster(Node), CancellationToken.None)), TimeSpan.FromSeconds(60));

    public void Harden(string keys) => _world.Change($"{Node}.yaml", $$"""
        apiVersion: portcullis.dev/v1alpha1
        kind: NodeHardening
        metadata: {name: {{Node}}}
        spec: {nodeSelector: {test: {{Node}}}, restartPolicy: Always, daemonJSON: {{keys}}}
        """);

    public void Soften() => _world.Change($"{Node}.yaml", null);

    /// <summary>Null when file, engine, report and folders are as they must be in the end; else what is not.</summary>
    public async Task<string?> ProblemAsync(string file, Func<JsonObject, bool> inForce, bool isHardened)
    {
        var hardening = await Client.GetAsync(NodeHardening.Definition, ObjectKey.Cluster(Node), CancellationToken.None);
        var report = await Client.GetAsync(NodeReport.Definition, ObjectKey.Cluster(Node), CancellationToken.None);
        var present = JsonNode.Parse(await File.ReadAllTextAsync(Engine.DaemonJson));
        var previous = Path.Combine(StateFolder, "daemon.json.previous");
        var leftovers = ((string[])[Path.GetDirectoryName(Engine.DaemonJson)!, StateFolder]).SelectMany(Directory.GetFiles)
            .Where(f => Path.GetFileName(f) is not ("daemon.json" or "state.json" or "daemon.json.previous")).ToList();
        return (hardening is null) == isHardened ? $"the NodeHardening is {(isHardened ? "gone" : "still there")}: {hardening?["status"]?.ToJsonString()}"
            : isHardened && !IsReady(hardening) ? $"the NodeHardening is not Ready: {hardening?["status"]?.ToJsonString()}"
            : !IsReady(report) ? $"the NodeReport is not Ready: {report?["status"]?.ToJsonString()}"
            : !JsonNode.DeepEquals(present, JsonNode.Parse(file)) ? $"daemon.json is {present?.ToJsonString()}"
            : !inForce((await Engine.Client.GetInfoAsync(CancellationToken.None)).Raw) ? "the engine does not run with it"
            : !File.Exists(previous) || !JsonNode.DeepEquals(present, JsonNode.Parse(await File.ReadAllTextAsync(previous))) ? "the good file is not kept"
            : leftovers.Count > 0 ? $"left over: {string.Join(", ", leftovers)}"
            : null;
    }

    public async ValueTask DisposeAsync()
    {
        Files.Dispose();
        await Proxy.DisposeAsync();
        await Engine.DisposeAsync();
    }

    private static bool IsReady(JsonObject? value) =>
        value?["status"]?["conditions"]?.AsArray().FirstOrDefault(c => c!["type"]!.GetValue<string>() == "Ready") is { } ready
        && ready["status"]!.GetValue<string>() == "True" && ready["observedGeneration"]?.ToString() == value["metadata"]!["generation"]!.ToString();
}
