using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Portcullis.Agent;
using Portcullis.Core;
using Portcullis.Core.Hardening;
using Portcullis.Declarations;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Objects;
using Portcullis.Schemas.Crds;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Engines;
using Portcullis.Tests.Agent;

namespace Portcullis.Tests.Hardening;

/// <summary>An agent reads no Git: it acts upon what the operator confirmed, and upon nothing else. The test is the operator.</summary>
[TestFixture]
internal sealed class DeclaredHardeningTests
{
    private TestCluster _cluster = null!;
    private DockerEngine _engine = null!;
    private IHost? _host;

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

        await _cluster.ApplyAsync("{apiVersion: v1, kind: Node, metadata: {name: n1}}");
        _engine = await DockerEngine.StartAsync("{}", CancellationToken.None);
        await StartAgentAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (_host is not null)
        {
            await StopAgentAsync();
            await _engine.DisposeAsync();
            await _cluster.DisposeAsync();
        }
    }

    [Test]
    public async Task Edited_deleted_or_never_declared_hardenings_change_nothing_on_the_node()
    {
        await DeclareAsync("a", """{"max-concurrent-downloads": 4}""", 1);
        await FileHasAsync("max-concurrent-downloads", "4");

        await ApplyAsync("a", """{"max-concurrent-downloads": 9}""", "root");
        await ApplyAsync("by-hand", """{"max-concurrent-uploads": 9}""", null);
        await BarrierAsync(1);
        Assert.That(Value("max-concurrent-downloads"), Is.EqualTo("4"), "the edit was applied");
        Assert.That(Value("max-concurrent-uploads"), Is.Null, "what nobody declares was applied");

        await _cluster.Client.DeleteAsync(NodeHardening.Definition, ObjectKey.Cluster("a"), new DeleteOptions(), default);
        await BarrierAsync(2);
        Assert.That(Value("max-concurrent-downloads"), Is.EqualTo("4"), "the deletion was acted upon");

        await DeclareAsync("a", """{"max-concurrent-downloads": 5}""", 1);
        await FileHasAsync("max-concurrent-downloads", "5");
    }

    [Test]
    public async Task While_it_is_not_known_what_is_declared_the_node_stays_as_it_was_accepted()
    {
        await DeclareAsync("a", """{"max-concurrent-downloads": 4}""", 1);
        await FileHasAsync("max-concurrent-downloads", "4");
        await StopAgentAsync();
        await ApplyAsync("a", """{"max-concurrent-downloads": 9}""", "root");
        await File.WriteAllTextAsync(_engine.DaemonJson, "{}");
        await StartAgentAsync();
        await FileHasAsync("max-concurrent-downloads", "4");
        await ConfirmAsync("a", 2);
        await FileHasAsync("max-concurrent-downloads", "9");
    }

    [Test]
    public async Task What_left_git_leaves_the_node_when_the_operator_takes_its_confirmation_back()
    {
        await DeclareAsync("a", """{"max-concurrent-downloads": 4}""", 1);
        await FileHasAsync("max-concurrent-downloads", "4");
        await StatusAsync("a", new JsonObject
        {
            ["declared"] = null,
            ["conditions"] = JsonNode.Parse("""[{"type":"Declared","status":"False","reason":"NotDeclared","message":"m","lastTransitionTime":"2026-01-01T00:00:00Z"}]"""),
        });
        await FileHasAsync("max-concurrent-downloads", null);
    }

    private async Task StartAgentAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddKubernetes(_cluster.Connection);
        builder.Services.AddReportedDeclarations();
        builder.Services.AddAgent(
            new AgentOptions
            {
                NodeName = "n1",
                Engine = _engine.Address,
                DaemonJson = _engine.DaemonJson,
                PidFile = _engine.PidFile,
                StateFolder = Path.Combine(_engine.Folder, "agent"),
            },
            _ => new FixtureEngineProcess(_engine));
        _host = builder.Build();
        await _host.StartAsync();
    }

    private async Task StopAgentAsync()
    {
        await _host!.StopAsync();
        _host.Dispose();
    }

    /// <summary>Once a later change is on the node, the earlier ones have been judged.</summary>
    private async Task BarrierAsync(int number)
    {
        await DeclareAsync($"barrier-{number}", $$"""{"labels": ["barrier={{number}}"]}""", 1);
        await FileHasAsync("labels", $"[\"barrier={number}\"]");
        await StatusAsync($"barrier-{number}", new JsonObject
        {
            ["declared"] = null,
            ["conditions"] = JsonNode.Parse("""[{"type":"Declared","status":"False","reason":"NotDeclared","message":"m","lastTransitionTime":"2026-01-01T00:00:00Z"}]"""),
        });
        await FileHasAsync("labels", null);
    }

    private async Task DeclareAsync(string name, string daemonJson, int generation)
    {
        await ApplyAsync(name, daemonJson, "root");
        await ConfirmAsync(name, generation);
    }

    private Task<JsonObject> ApplyAsync(string name, string daemonJson, string? source) => _cluster.ApplyAsync(new JsonObject
    {
        ["apiVersion"] = NodeHardening.Definition.ApiVersion,
        ["kind"] = NodeHardening.Definition.Kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = source is null ? new JsonObject() : new JsonObject { [WellKnown.Labels.Source] = source } },
        ["spec"] = new JsonObject { ["daemonJSON"] = JsonNode.Parse(daemonJson), ["restartPolicy"] = "Always" },
    });

    private Task<JsonObject> ConfirmAsync(string name, int generation) => StatusAsync(name, new JsonObject { ["declared"] = new JsonObject { ["generation"] = generation, ["source"] = "root" } });

    private Task<JsonObject> StatusAsync(string name, JsonObject status) => _cluster.Client.MergePatchAsync(
        NodeHardening.Definition, ObjectKey.Cluster(name), new JsonObject { ["status"] = status }, new WriteOptions("portcullis-hardening"), default, "status");

    private string? Value(string key) => JsonNode.Parse(File.ReadAllText(_engine.DaemonJson))?[key]?.ToJsonString();

    private Task FileHasAsync(string key, string? value) => Eventually.HoldsAsync(() => Value(key) == value, TimeSpan.FromSeconds(30), $"daemon.json to have {key}: {value ?? "nothing"}");
}
