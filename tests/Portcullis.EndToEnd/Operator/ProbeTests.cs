using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Portcullis.ApiServer;
using Portcullis.EndToEnd.Clusters;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
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

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)*\})? (NaN|[+-]Inf|-?[0-9.]+(E[+-]?[0-9]+)?)$""")]
    private static partial Regex Sample();
}
