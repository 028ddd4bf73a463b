using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portcullis.ApiServer;
using Portcullis.EndToEnd.Clusters;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Faults;

namespace Portcullis.EndToEnd.Operator;

/// <summary>What a cluster asks the running operator: is it alive, is it ready, what has it done.</summary>
[TestFixture]
internal sealed partial class ProbeTests
{
    /// <summary>What dashboards of Flux and controller-runtime read, and ours (peers.md C7), with the labels by which they tell series apart.</summary>
    private static readonly string[] Expected =
    [
        "controller_runtime_reconcile_total{controller=\"gitsource\",result=\"",
        "controller_runtime_active_workers{controller=\"gitsource\"} ",
        "controller_runtime_reconcile_time_seconds_bucket{controller=\"organization\",le=\"+Inf\"} ",
        "portcullis_reconcile_duration_seconds_count{kind=\"Organization\",name=\"acme\",namespace=\"\"} ",
        "portcullis_reconcile_condition{kind=\"Organization\",name=\"acme\",namespace=\"\",status=\"True\",type=\"Ready\"} 1",
        "portcullis_suspend_status{kind=\"Organization\",name=\"acme\",namespace=\"\"} 0",
        "workqueue_depth{name=\"gitsource\"} ",
        "workqueue_adds_total{name=\"gitsource\"} ",
        "rest_client_requests_total{code=\"200\",",
        "drift_detected_total{kind=\"Organization\",source=\"root\"} 1",
        "drift_reverted_total{kind=\"Organization\",source=\"root\"} 1",
    ];

    [Test]
    public async Task It_is_alive_at_once_and_ready_once_every_store_is_read()
    {
        await using var world = await OperatorWorld.StartAsync();
        world.Proxy.Faults.Inject(r => r.IsList && r.Path.EndsWith("/grants", StringComparison.Ordinal), Fault.InternalError);
        var health = LoopbackPort.Free();
        await using var program = world.StartOperator("--health-port", health.ToString(CultureInfo.InvariantCulture));
        using var probes = new Probes(health);

        await probes.UntilAsync("/healthz", HttpStatusCode.OK);
        await probes.UntilAsync("/livez", HttpStatusCode.OK);
        await Eventually.HoldsAsync(
            async () => await probes.AskAsync("/readyz") is { Code: HttpStatusCode.ServiceUnavailable } answer && answer.Text.StartsWith("grants.portcullis.dev: not synced: ", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60),
            "readiness to wait for the grants alone and to say why");
        world.Proxy.Faults.Clear();
        Assert.That(await probes.UntilAsync("/readyz", HttpStatusCode.OK), Is.EqualTo("ok\n"));
        Assert.That((await probes.AskAsync("/metrics"))?.Code, Is.EqualTo(HttpStatusCode.NotFound), "metrics are on a port of their own");
    }

    [Test]
    public async Task Metrics_have_the_names_that_dashboards_know_in_valid_text()
    {
        await using var world = await OperatorWorld.StartAsync();
        world.Git.Write("org.yaml", Manifests.Organization($"acme-{world.Mark}", "web", "ann"));
        world.Commit("Declare");
        var metrics = LoopbackPort.Free();
        await using var program = world.StartOperator("--metrics-port", metrics.ToString(CultureInfo.InvariantCulture));
        using var probes = new Probes(metrics);
        await world.AppliedAsync(world.Commits[0]);
        await world.Cluster.ApplyAsync(Manifests.Organization($"acme-{world.Mark}", "web", "eve"));

        var expected = Expected.Select(e => e.Replace("\"acme\"", $"\"acme-{world.Mark}\"", StringComparison.Ordinal).Replace("\"root\"", $"\"{world.Root}\"", StringComparison.Ordinal)).ToList();
        var text = await MetricsAsync(probes, t => expected.TrueForAll(t.Contains));
        Assert.That(expected.Where(e => !text.Contains(e, StringComparison.Ordinal)), Is.Empty, text);
        Assert.That((await probes.AskAsync("/metrics"))?.ContentType, Is.EqualTo("text/plain; version=0.0.4; charset=utf-8"));
        Assert.That(Violations(text), Is.Empty);
        Assert.That(Undocumented(text), Is.Empty, "docs/metrics.md lists every metric");
    }

    [Test]
    public async Task Decisions_of_admission_and_the_state_of_nodes_are_told()
    {
        Kubectl.SkipWhenMissing();
        if (TestCluster.IsNamed && Environment.GetEnvironmentVariable("PORTCULLIS_TEST_WEBHOOKS") != "local")
        {
            Assert.Ignore("not run: the named cluster cannot call webhooks on this machine");
        }

        await using var world = await OperatorWorld.StartAsync();
        var (node, control) = ($"node-{world.Mark}", $"base-{world.Mark}");
        await world.Cluster.ApplyAsync($"apiVersion: v1\nkind: Node\nmetadata:\n  name: {node}\n  labels: {{test: {node}}}\n");
        world.Git.Write("harden.yaml", Manifests.Hardening(control, 4, ("test", node)));
        world.Commit("Declare");
        var metrics = LoopbackPort.Free();
        await using var program = world.StartOperator("--metrics-port", metrics.ToString(CultureInfo.InvariantCulture), "--admission", "local", "--admission-port", "0");
        using var probes = new Probes(metrics);
        await world.AppliedAsync(world.Commits[0]);
        await HasAsync(probes, $"node_control_status{{control=\"{control}\",status=\"NotReported\"}} 1", $"node_control_status{{control=\"{control}\",status=\"InForce\"}} 0");

        var report = Path.Combine(world.Folder, "report.yaml");
        await File.WriteAllTextAsync(report, $"apiVersion: portcullis.dev/v1alpha1\nkind: NodeReport\nmetadata: {{name: {node}}}\nspec: {{node: {node}}}\n");
        await Eventually.HoldsAsync(
            async () => (await world.Kubectl.RunAsync("create", "-f", report, "--dry-run=server", "--as=portcullis:agent:elsewhere", "--as-group=system:masters"))
                .Error.Contains($"may write the NodeReport elsewhere only, not {node}", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60),
            "the webhook to refuse another node's report");
        await world.Kubectl.AskAsync("create", "-f", report);
        await HasAsync(
            probes,
            "admission_decisions_total{mode=\"Enforce\",result=\"denied\",webhook=\"node-reports\"} ",
            "admission_decisions_total{mode=\"Enforce\",result=\"allowed\",webhook=\"node-reports\"} ");

        await world.Kubectl.AskAsync("patch", "nodereport", node, "--subresource=status", "--type=merge", "-p", Refused(control));
        await HasAsync(probes, $"node_control_status{{control=\"{control}\",status=\"Refused\"}} 1");
        var text = await MetricsAsync(probes, t => !t.Contains("NotReported", StringComparison.Ordinal));
        Assert.That(text, Does.Not.Contain("NotReported"));
        Assert.That(Violations(text).Concat(Undocumented(text)), Is.Empty);
        await world.Kubectl.AskAsync("delete", "node/" + node, "nodereport/" + node);
    }

    private static string Refused(string control) => new JsonObject
    {
        ["status"] = new JsonObject
        {
            ["observedAt"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["engine"] = new JsonObject { ["reachable"] = true },
            ["hardenings"] = new JsonArray(new JsonObject { ["name"] = control, ["generation"] = 1, ["state"] = "Refused", ["message"] = "because" }),
        },
    }.ToJsonString();

    private static async Task HasAsync(Probes probes, params string[] expected)
    {
        var text = await MetricsAsync(probes, t => expected.All(e => t.Contains(e, StringComparison.Ordinal)));
        Assert.That(expected.Where(e => !text.Contains(e, StringComparison.Ordinal)), Is.Empty, text);
    }

    private static IEnumerable<string> Undocumented(string text)
    {
        var documented = File.ReadAllText(RepositoryFolder.Combine("docs", "metrics.md"));
        return text.Split('\n').Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(l => l.Split(' ')[2])
            .Where(family => !documented.Contains($"`{family}`", StringComparison.Ordinal));
    }

    /// <summary>The text once it is complete, or at last.</summary>
    private static async Task<string> MetricsAsync(Probes probes, Func<string, bool> isComplete)
    {
        var text = "";
        try
        {
            await Eventually.HoldsAsync(async () => isComplete(text = (await probes.AskAsync("/metrics"))?.Text ?? ""), TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            // What is missing says more.
        }

        return text;
    }

    /// <summary>Against the text format 0.0.4: a TYPE before a family's samples and only once, names, labels and numbers as they must be.</summary>
    private static List<string> Violations(string text)
    {
        var violations = new List<string>();
        var families = new HashSet<string>(StringComparer.Ordinal);
        var samples = new HashSet<string>(StringComparer.Ordinal);
        var family = "";
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                family = line.Split(' ')[2];
                violations.AddRange(families.Add(family) && line.Split(' ')[3] is "counter" or "gauge" or "histogram" ? [] : [line]);
            }
            else if (!line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                var sample = Sample().Match(line);
                var name = sample.Groups["name"].Value;
                var belongs = name == family || (name.StartsWith(family, StringComparison.Ordinal) && name[family.Length..] is "_bucket" or "_sum" or "_count");
                violations.AddRange(sample.Success && belongs && samples.Add(line[..line.LastIndexOf(' ')]) ? [] : [line]);
            }
        }

        return text.EndsWith('\n') ? violations : [.. violations, "the last line does not end"];
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)*\})? (NaN|[+-]Inf|-?[0-9.]+([eE][+-]?[0-9]+)?)$""")]
    private static partial Regex Sample();
}
