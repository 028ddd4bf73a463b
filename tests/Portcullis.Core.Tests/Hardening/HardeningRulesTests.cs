using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;
using Portcullis.Core.Kinds;
using Portcullis.Objects;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Tests.Hardening;

internal sealed class HardeningRulesTests
{
    private const string Head = "apiVersion: portcullis.dev/v1alpha1\nkind: NodeHardening\n";

    [TestCase("log-level: syslog", "log-level cannot be \"syslog\", which is a log driver: write log-driver: syslog")]
    [TestCase("graph: /x", "graph was removed: engines from 23.0 on do not start with it; use data-root")]
    [TestCase("disable-legacy-registry: true", "disable-legacy-registry was removed: engines from 19.03 on do not start with it; delete the line: registry v1 is off in every engine since 17.06")]
    [TestCase("log-opts: {syslog-address=tcp://x: }", "log-opts must be a mapping of strings, not a mapping")]
    [TestCase("insecure-registry: [a]", "insecure-registry is not a key of daemon.json: write insecure-registries")]
    [TestCase("live-restore: 'true'", "live-restore must be true or false, not a string")]
    [TestCase("user-land-proxy: false", "user-land-proxy is not a key of daemon.json, and an engine would not start with it: did you mean userland-proxy?")]
    public void A_key_that_no_engine_takes_is_named_with_its_line_and_correction(string line, string expected)
    {
        var problems = Check(Head + "metadata: {name: baseline}\nspec:\n  daemonJSON:\n    debug: true\n    " + line + "\n");
        Assert.That(problems.Select(p => p.ToString()), Is.EqualTo(new[] { $"nodes.yaml:7: NodeHardening baseline: {expected}" }));
    }

    [Test]
    public void Two_that_may_meet_on_a_node_must_agree_on_a_key()
    {
        var problems = Check(
            Head + "metadata: {name: all}\nspec:\n  daemonJSON:\n    debug: true\n---\n"
            + Head + "metadata: {name: zone-a}\nspec:\n  nodeSelector: {zone: a}\n  daemonJSON:\n    debug: false\n---\n"
            + Head + "metadata: {name: zone-b}\nspec:\n  nodeSelector: {zone: b}\n  daemonJSON:\n    debug: true\n");
        Assert.That(problems.Select(p => p.ToString()), Is.EqualTo(new[]
        {
            "nodes.yaml:14: NodeHardening zone-a: debug has another value in NodeHardening all (nodes.yaml:6), and both may select the same node",
        }));
    }

    [Test]
    public void One_in_force_from_another_source_counts_too()
    {
        var other = JsonNode.Parse("""{"apiVersion":"portcullis.dev/v1alpha1","kind":"NodeHardening","metadata":{"name":"root"},"spec":{"daemonJSON":{"icc":true}}}""")!;
        var problems = Check(Head + "metadata: {name: mine}\nspec:\n  daemonJSON:\n    icc: false\n", (JsonObject)other);
        Assert.That(problems.Single().Message, Does.Contain("icc has another value in NodeHardening root, which is in force from another source"));
    }

    [Test]
    public void Icc_without_iptables_is_wrong_on_every_engine() =>
        Assert.That(
            Check(Head + "metadata: {name: a}\nspec:\n  daemonJSON:\n    iptables: false\n    icc: false\n").Single().ToString(),
            Does.StartWith("nodes.yaml:7: NodeHardening a: icc=false requires iptables"));

    private static List<RevisionProblem> Check(string yaml, params JsonObject[] inForce)
    {
        var objects = KubernetesYaml.Read(Encoding.UTF8.GetBytes(yaml)).Documents.Select(d => new DeclaredObject(
            NodeHardening.Definition,
            ObjectKey.Cluster(d.Root["metadata"]!["name"]!.GetValue<string>()),
            () => (JsonObject)d.Root,
            path => new SourcePosition("nodes.yaml", d.PositionOf(path).Line)));
        return [.. new HardeningRules().Check(new DeclaredRevision([.. objects], inForce))];
    }
}
