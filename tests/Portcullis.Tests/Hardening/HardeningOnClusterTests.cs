using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Portcullis.Agent;
using Portcullis.Core.Hardening;
using Portcullis.Hardening;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Objects;
using Portcullis.Schemas.Crds;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Engines;
using Portcullis.Tests.Agent;

namespace Portcullis.Tests.Hardening;

/// <summary>Operator and agent in one process, as in <c>portcullis up</c>: a Kubernetes API, a real dockerd.</summary>
internal sealed class HardeningOnClusterTests
{
    private static readonly ApiResource Events = new("", "v1", "Event", "events", true);
    private readonly string _name = $"h{Guid.NewGuid():n}"[..12];
    private TestCluster _cluster = null!;
    private DockerEngine _engine = null!;
    private IHost _host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        if (DockerEngine.Missing is { } missing)
        {
            Assert.Ignore(missing);
        }

        _cluster = await TestCluster.StartAsync();
        foreach (var kind in new[] { NodeHardening.KindDefinition, NodeReport.KindDefinition })
        {
            await _cluster.ApplyAsync(CrdWriter.Crd(kind.Resource, kind.Options, kind.Type));
        }

        await _cluster.ApplyAsync($"apiVersion: v1\nkind: Node\nmetadata: {{name: {_name}, labels: {{test: {_name}}}}}\n");
        _engine = await DockerEngine.StartAsync("{\"mtu\": 1400}", CancellationToken.None);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddKubernetes(_cluster.Connection);
        builder.Services.AddHardening();
        builder.Services.AddAgent(
            new AgentOptions
            {
                NodeName = _name,
                Engine = _engine.Address,
                DaemonJson = _engine.DaemonJson,
                PidFile = _engine.PidFile,
                StateFolder = Path.Combine(_engine.Folder, "agent"),
            },
            _ => new FixtureEngineProcess(_engine));
        _host = builder.Build();
        await _host.StartAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (_host is { } host)
        {
            await host.StopAsync();
            host.Dispose();
            await _engine.DisposeAsync();
            await _cluster.DisposeAsync();
        }
    }

    [Test]
    public async Task A_NodeHardening_becomes_Ready_restarts_in_its_turn_survives_hand_edits_and_goes_without_a_trace()
    {
        await ApplyAsync(new JsonObject { ["live-restore"] = true });
        await ReadyAsync();
        Assert.That(await StatusAsync("summary"), Is.EqualTo("1/1"));

        var pid = _engine.Pid;
        await ApplyAsync(new JsonObject { ["live-restore"] = true, ["log-driver"] = "local" });
        await ReadyAsync();
        Assert.That(_engine.Pid, Is.Not.EqualTo(pid));
        Assert.That((await _engine.Client.GetInfoAsync(default)).Raw["LoggingDriver"]!.GetValue<string>(), Is.EqualTo("local"));

        using (var shell = Process.Start("/bin/sh", ["-c", $"echo '{{\"mtu\": 1400}}' > {_engine.DaemonJson}; sleep 0.2"]))
        {
            await shell.WaitForExitAsync();
        }

        await Eventually.HoldsAsync(async () => await EventAsync("DriftReverted") is { } message
            && message.Contains("daemon.json was changed by uid 0 (root)", StringComparison.Ordinal) && message.Contains("live-restore, log-driver", StringComparison.Ordinal));
        Assert.That(File.ReadAllText(_engine.DaemonJson), Does.Contain("\"log-driver\": \"local\""));
        var report = await _cluster.Client.GetAsync(NodeReport.Definition, ObjectKey.Cluster(_name), default);
        Assert.That(report!["status"]!["engine"]!["version"]!.GetValue<string>(), Does.StartWith("20.10"));

        await _cluster.Client.DeleteAsync(NodeHardening.Definition, ObjectKey.Cluster(_name), new DeleteOptions(), default);
        await Eventually.HoldsAsync(
            async () => await _cluster.Client.GetAsync(NodeHardening.Definition, ObjectKey.Cluster(_name), default) is null, TimeSpan.FromSeconds(60));
        Assert.That(JsonNode.Parse(File.ReadAllText(_engine.DaemonJson))!.ToJsonString(), Is.EqualTo("{\"mtu\":1400}"));
        Assert.That((await _engine.Client.GetInfoAsync(default)).Raw["LoggingDriver"]!.GetValue<string>(), Is.EqualTo("json-file"));
    }

    [Test]
    public async Task What_is_refused_stalls_and_names_node_and_correction()
    {
        await ApplyAsync(new JsonObject { ["log-level"] = "journald" });
        await Eventually.HoldsAsync(async () => await ConditionAsync("Stalled") == "True", TimeSpan.FromSeconds(30));
        var message = await ConditionAsync("Ready", "message");
        Assert.That(message, Does.Contain($"{_name}: log-level cannot be \"journald\", which is a log driver: write log-driver: journald"));
        Assert.That(JsonNode.Parse(File.ReadAllText(_engine.DaemonJson))!.ToJsonString(), Is.EqualTo("{\"mtu\":1400}"));
    }

    [Test]
    public async Task A_report_that_somebody_deleted_is_written_again()
    {
        await ApplyAsync(new JsonObject { ["debug"] = true });
        await ReadyAsync();
        await _cluster.Client.DeleteAsync(NodeReport.Definition, ObjectKey.Cluster(_name), new DeleteOptions(), default);
        await Eventually.HoldsAsync(async () => (await _cluster.Client.GetAsync(NodeReport.Definition, ObjectKey.Cluster(_name), default))?["status"]?["hardenings"] is not null);
        await ReadyAsync();
    }

    [Test]
    public async Task A_deleted_one_does_not_wait_for_a_restart_that_another_forbids()
    {
        await ApplyAsync(new JsonObject { ["experimental"] = true });
        await ReadyAsync();
        await ApplyAsync(new JsonObject { ["log-driver"] = "local" }, $"{_name}-never", "Never");
        await Eventually.HoldsAsync(async () => await ConditionAsync("Ready", "reason", $"{_name}-never") == "RestartRequired");
        await _cluster.Client.DeleteAsync(NodeHardening.Definition, ObjectKey.Cluster(_name), new DeleteOptions(), default);
        await Eventually.HoldsAsync(async () => await _cluster.Client.GetAsync(NodeHardening.Definition, ObjectKey.Cluster(_name), default) is null);
        Assert.That(JsonNode.Parse(File.ReadAllText(_engine.DaemonJson))!.ToJsonString(), Is.EqualTo("{\"mtu\":1400,\"log-driver\":\"local\"}"));
    }

    private Task<JsonObject> ApplyAsync(JsonObject keys, string? name = null, string policy = "Always") => _cluster.ApplyAsync(new JsonObject
    {
        ["apiVersion"] = NodeHardening.Definition.ApiVersion,
        ["kind"] = "NodeHardening",
        ["metadata"] = new JsonObject { ["name"] = name ?? _name },
        ["spec"] = new JsonObject { ["nodeSelector"] = new JsonObject { ["test"] = _name }, ["restartPolicy"] = policy, ["daemonJSON"] = keys },
    });

    private Task ReadyAsync() => Eventually.HoldsAsync(
        async () =>
        {
            var hardening = await _cluster.Client.GetAsync(NodeHardening.Definition, ObjectKey.Cluster(_name), default);
            var isReady = (hardening?["status"]?["conditions"] as JsonArray)?.Any(c => c!["type"]!.GetValue<string>() == "Ready" && c["status"]!.GetValue<string>() == "True");
            return isReady == true && hardening!["status"]!["observedGeneration"]?.GetValue<long>() == hardening["metadata"]!["generation"]!.GetValue<long>();
        },
        TimeSpan.FromSeconds(60));

    private async Task<string?> StatusAsync(string field) =>
        (await _cluster.Client.GetAsync(NodeHardening.Definition, ObjectKey.Cluster(_name), default))?["status"]?[field]?.GetValue<string>();

    private async Task<string?> ConditionAsync(string type, string field = "status", string? name = null)
    {
        var hardening = await _cluster.Client.GetAsync(NodeHardening.Definition, ObjectKey.Cluster(name ?? _name), default);
        return (hardening?["status"]?["conditions"] as JsonArray)?.FirstOrDefault(c => c!["type"]!.GetValue<string>() == type)?[field]?.GetValue<string>();
    }

    private async Task<string?> EventAsync(string reason)
    {
        await foreach (var one in _cluster.Client.ListAsync(Events, new ListOptions { Namespace = "default" }, default))
        {
            if (one["reason"]?.GetValue<string>() == reason && one["involvedObject"]?["name"]?.GetValue<string>() == _name)
            {
                return one["message"]?.GetValue<string>();
            }
        }

        return null;
    }
}
