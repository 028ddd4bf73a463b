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
    [TestCase("log-opts: {syslog-address=tcp://x: }", "log-opts.syslog-address=tcp://x must be a string, not null")]
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

    [TestCase("bridge: none", "bip: 10.9.0.1/24", "nodes.yaml:8: NodeHardening a: bridge and bip exclude each other: keep one")]
    [TestCase("bridge: none", "debug: true", null)]
    [TestCase("debug: true", "bip: 10.9.0.1/24", null)]
    public void A_bridge_and_its_address_are_wrong_together_on_every_engine(string one, string other, string? expected) =>
        Assert.That(
            Check(Head + $"metadata: {{name: a}}\nspec:\n  daemonJSON:\n    mtu: 1400\n    {one}\n    {other}\n").Select(p => p.ToString()),
            Is.EqualTo(expected is null ? Array.Empty<string>() : [expected]));

    // The selectors of two NodeHardenings; whether a node may have the labels of both.
    [TestCase("", "", true)]
    [TestCase("zone: a", "", true)]
    [TestCase("", "zone: a", true)]
    [TestCase("zone: a", "zone: a", true)]
    [TestCase("zone: a", "role: edge", true)]
    [TestCase("zone: a", "zone: b", false)]
    [TestCase("zone: a, role: edge", "zone: b, role: edge", false)]
    [TestCase("zone: a, role: edge", "zone: a", true)]
    public void Only_different_values_of_one_label_keep_two_apart(string left, string right, bool mayMeet)
    {
        var problems = Check(One("x", left, "debug: true") + "---\n" + One("xx", right, "debug: false"));
        Assert.That(problems, mayMeet ? Has.Count.EqualTo(1) : Is.Empty);
    }

    [Test]
    public void Keys_that_only_one_declares_or_both_alike_are_no_disagreement() =>
        Assert.That(Check(One("x", "", "debug: true, mtu: 1400") + "---\n" + One("xx", "", "live-restore: true, mtu: 1400")), Is.Empty);

    [Test]
    public void Of_two_that_disagree_the_later_name_gets_the_problem_in_whatever_order_they_are_declared()
    {
        var (x, y) = (One("x", "", "debug: true"), One("xx", "", "debug: false"));
        Assert.That(Check(x + "---\n" + y).Single().Message, Does.StartWith("NodeHardening xx: debug has another value in NodeHardening x ("));
        Assert.That(Check(y + "---\n" + x).Single().Message, Does.StartWith("NodeHardening xx: debug has another value in NodeHardening x ("));
    }

    [Test]
    public void What_is_in_force_counts_by_name_and_kind_and_not_as_it_was_before_this_revision()
    {
        static JsonObject InForce(string apiVersion, string kind, string name) => new()
        {
            ["apiVersion"] = apiVersion,
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject { ["daemonJSON"] = new JsonObject { ["debug"] = false } },
        };

        var problems = Check(
            One("x", "", "debug: true"),
            InForce("portcullis.dev/v1alpha1", "NodeHardening", "z"), InForce("portcullis.dev/v1alpha1", "NodeHardening", "w"),
            InForce("portcullis.dev/v1alpha1", "NodeHardening", "x"), InForce("portcullis.dev/v1alpha1", "Other", "o"), InForce("other/v1", "NodeHardening", "p"));
        Assert.That(
            problems.Select(p => p.Message.Split(", ")[0]),
            Is.EqualTo(new[] { "NodeHardening x: debug has another value in NodeHardening w", "NodeHardening x: debug has another value in NodeHardening z" }));
    }

    private static string One(string name, string selector, string keys) =>
        Head + $"metadata: {{name: {name}}}\nspec:\n{(selector.Length == 0 ? "" : $"  nodeSelector: {{{selector}}}\n")}  daemonJSON: {{{keys}}}\n";

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
