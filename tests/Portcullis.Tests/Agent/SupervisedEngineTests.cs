using System.Text.Json.Nodes;
using Portcullis.Agent;
using Portcullis.Agent.Engine;
using Portcullis.Core.Hardening;
using Portcullis.Processes;
using Portcullis.Testing;
using Portcullis.Testing.Engines;
using Portcullis.Up;
using Portcullis.Up.Components;

namespace Portcullis.Tests.Agent;

/// <summary>The agent with the private engine of <c>portcullis up</c>.</summary>
internal sealed class SupervisedEngineTests
{
    [Test]
    public async Task Restarts_the_engine_that_the_program_itself_keeps_and_rolls_it_back()
    {
        if (DockerEngine.Missing is { } missing)
        {
            Assert.Ignore(missing);
        }

        using var folder = new TemporaryFolder();
        using var state = StateFolder.Open(folder.Path);
        using var launcher = new LaunchThread();
        using var stop = new CancellationTokenSource();
        var component = new EngineComponent(state);
        var spec = component.Prepare();
        var engine = new SupervisedProcess(spec, token => component.ProbeAsync(spec, token), launcher, TimeProvider.System, _ => { });
        var run = engine.RunAsync(stop.Token);
        await engine.SettledAsync(stop.Token);
        var cluster = new StandInCluster();
        var options = new AgentOptions
        {
            NodeName = "node-1",
            Engine = spec.Address,
            DaemonJson = component.DaemonJson,
            PidFile = component.PidFile,
            StateFolder = state.Folder("agent"),
        };
        var agent = await AgentUnderTest.StartAsync(options, new SupervisedEngine(engine), cluster);
        try
        {
            var first = engine.Identity;
            cluster.Ask("baseline", new JsonObject { ["log-driver"] = "local", ["live-restore"] = true });
            await Eventually.HoldsAsync(() => cluster.Of("baseline")?.State == HardeningState.InForce, TimeSpan.FromSeconds(60));
            Assert.That(engine.Identity, Is.Not.EqualTo(first));
            cluster.Ask("baseline", new JsonObject { ["log-driver"] = "local", ["live-restore"] = true, ["exec-opts"] = new JsonArray("native.cgroupdriver=bogus") });
            await Eventually.HoldsAsync(
                () => cluster.Of("baseline")?.State == HardeningState.RolledBack && cluster.Report!.Engine!.Reachable, TimeSpan.FromSeconds(90));
            Assert.That(cluster.Of("baseline")!.Message, Does.Contain("native.cgroupdriver option bogus not supported"));
            Assert.That(JsonNode.Parse(await File.ReadAllTextAsync(options.DaemonJson, stop.Token))!.ToJsonString(), Is.EqualTo("{\"live-restore\":true,\"log-driver\":\"local\"}"));
        }
        finally
        {
            await agent.DisposeAsync();
            await stop.CancelAsync();
            await run;
            Assert.That(await File.ReadAllTextAsync("/proc/self/mounts"), Does.Not.Contain(state.Path), "after a start that failed, dockerd leaves its mount");
        }
    }

    /// <summary>Outlives whatever is locked in it.</summary>
    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("pu-").FullName;

        public void Dispose() => EngineFolder.Delete(Path);
    }
}
