using System.Text.Json.Nodes;
using Portcullis.Agent;
using Portcullis.Core.Hardening;
using Portcullis.Testing;
using Portcullis.Testing.Engines;

namespace Portcullis.Tests.Agent;

/// <summary>An agent at work on a real engine of its own.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private AgentUnderTest? _agent;

    private RunningAgent(DockerEngine engine) => Engine = engine;

    public DockerEngine Engine { get; }

    public StandInCluster Cluster { get; } = new();

    public string StateFolder => Path.Combine(Engine.Folder, "agent");

    public JsonObject File => (JsonObject)JsonNode.Parse(System.IO.File.ReadAllText(Engine.DaemonJson))!;

    public AgentOptions Options => new()
    {
        NodeName = "node-1",
        Engine = Engine.Address,
        DaemonJson = Engine.DaemonJson,
        PidFile = Engine.PidFile,
        StateFolder = StateFolder,
        StartBound = TimeSpan.FromSeconds(30),
    };

    /// <summary>With an engine that runs with this file, and the agent started.</summary>
    public static Task<RunningAgent> StartAsync(string? daemonJson, params string[] flags) => StartWithAsync(DockerEngine.Program, daemonJson, flags);

    /// <summary>The same with a dockerd of the test's choice.</summary>
    public static async Task<RunningAgent> StartWithAsync(string? program, string? daemonJson, params string[] flags)
    {
        if (DockerEngine.Missing is { } missing)
        {
            Assert.Ignore(missing);
        }

        var running = new RunningAgent(await DockerEngine.CreateAsync(program!, daemonJson, flags, start: true, CancellationToken.None));
        await running.StartAgentAsync();
        return running;
    }

    public async Task StartAgentAsync() => _agent = await AgentUnderTest.StartAsync(Options, new FixtureEngineProcess(Engine), Cluster);

    public async Task StopAgentAsync()
    {
        if (_agent is { } agent)
        {
            await agent.DisposeAsync();
            _agent = null;
        }
    }

    /// <summary>Waits for a state of the world; says what the agent reported when it does not come about.</summary>
    public async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        if (!await Eventually.ComesAsync(holds, TimeSpan.FromSeconds(40)))
        {
            Assert.Fail($"not within 40 s: {what}; file: {(System.IO.File.Exists(Engine.DaemonJson) ? System.IO.File.ReadAllText(Engine.DaemonJson) : "none")}; "
                + $"report: {string.Join("; ", Cluster.Report?.Hardenings?.Select(h => $"{h.Name} {h.State} {h.Message}") ?? [])}");
        }
    }

    public Task UntilAsync(Func<bool> holds, string what) => UntilAsync(() => Task.FromResult(holds()), what);

    public Task UntilStateAsync(string name, HardeningState state) => UntilAsync(() => Cluster.Of(name)?.State == state, $"{name} {state}");

    public async ValueTask DisposeAsync()
    {
        await StopAgentAsync();
        await Engine.DisposeAsync();
    }
}
