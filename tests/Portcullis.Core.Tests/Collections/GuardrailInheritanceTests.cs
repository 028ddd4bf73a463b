using Portcullis.Core.Collections;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Collections;

internal sealed class GuardrailInheritanceTests
{
    private static readonly string[] Amounts = ["1", "2", "500m", "1Gi", "3Gi", "1e3"];

    [Test]
    public void Nothing_ever_gets_looser_on_the_way_down()
    {
        var random = new Random(11);
        for (var round = 0; round < 500; round++)
        {
            var effective = EffectiveGuardrails.Nothing;
            for (var depth = 0; depth < 6; depth++)
            {
                var next = GuardrailInheritance.Combine(effective, Some(random), $"/p{depth}", $"c{depth}").Effective;
                AssertNotLooser(effective, next);
                effective = next;
            }
        }
    }

    [Test]
    public void What_a_parent_demands_holds_even_where_the_child_asks_for_less()
    {
        var parent = GuardrailInheritance.Combine(
            EffectiveGuardrails.Nothing, new Guardrails { PodSecurity = PodSecurityLevel.Restricted }, "/a", "a").Effective;
        var (effective, problems) = GuardrailInheritance.Combine(parent, new Guardrails { PodSecurity = PodSecurityLevel.Baseline }, "/a/b", "b");
        Assert.That(effective.PodSecurity, Is.EqualTo(PodSecurityLevel.Restricted));
        Assert.That(problems.Single().Field, Is.EqualTo("spec.guardrails.podSecurity"));
    }

    [Test]
    public void The_network_of_a_child_that_isolates_itself_is_its_own_subtree()
    {
        var parent = GuardrailInheritance.Combine(
            EffectiveGuardrails.Nothing, new Guardrails { NetworkIsolation = NetworkIsolation.Subtree }, "/a", "a").Effective;
        var inherited = GuardrailInheritance.Combine(parent, null, "/a/b", "b").Effective;
        var own = GuardrailInheritance.Combine(parent, new Guardrails { NetworkIsolation = NetworkIsolation.Subtree }, "/a/c", "c").Effective;
        Assert.That(inherited.Network!.Path, Is.EqualTo("/a"));
        Assert.That(own.Network!.Path, Is.EqualTo("/a/c"));
    }

    [TestCase("requests.cpus", "requests.cpus is not a resource that a ResourceQuota can limit; did you mean requests.cpu?")]
    [TestCase("threads", "threads is not a resource that a ResourceQuota can limit")]
    [TestCase("requests.storage", null)]
    [TestCase("count/jobs.batch", null)]
    [TestCase("requests.nvidia.com/gpu", null)]
    [TestCase("hugepages-2Mi", null)]
    public void What_a_quota_cannot_bound_is_named_and_bounds_nothing(string name, string? expected)
    {
        var own = new Guardrails { ResourceQuota = new ResourceQuotaGuardrail { Hard = new Dictionary<string, IntOrString> { [name] = new("4"), ["pods"] = new("9") } } };
        var (effective, problems) = GuardrailInheritance.Combine(EffectiveGuardrails.Nothing, own, "/a", "a");
        Assert.That(problems.SingleOrDefault()?.Message, Is.EqualTo(expected));
        Assert.That(effective.Quota.Keys, Is.EquivalentTo(expected is null ? [name, "pods"] : new[] { "pods" }));
    }

    [TestCase("many")]
    [TestCase("-1")]
    [TestCase("1Zi")]
    public void An_amount_that_is_none_is_named(string text)
    {
        var own = new Guardrails { ResourceQuota = new ResourceQuotaGuardrail { Hard = new Dictionary<string, IntOrString> { ["cpu"] = new(text) } } };
        var (effective, problems) = GuardrailInheritance.Combine(EffectiveGuardrails.Nothing, own, "/a", "a");
        Assert.That(problems.Single().Field, Is.EqualTo("spec.guardrails.resourceQuota.hard.cpu"));
        Assert.That(effective.Quota, Is.Empty);
    }

    [Test]
    public void A_child_may_repeat_what_its_parent_says()
    {
        var limits = new LimitRangeItem { Type = LimitRangeType.Container, Max = Amount("cpu", "2"), Min = Amount("cpu", "2"), Default = Amount("cpu", "2"), MaxLimitRequestRatio = Amount("cpu", "3") };
        var own = new Guardrails
        {
            PodSecurity = PodSecurityLevel.Baseline, NetworkIsolation = NetworkIsolation.Subtree, NodeIsolation = true,
            ResourceQuota = new ResourceQuotaGuardrail { Hard = Amount("cpu", "4") },
            LimitRange = new LimitRangeGuardrail { Limits = [limits] },
        };
        var (parent, first) = GuardrailInheritance.Combine(EffectiveGuardrails.Nothing, own, "/a", "a");
        var (child, second) = GuardrailInheritance.Combine(parent, own, "/a/b", "b");
        Assert.That(first.Concat(second), Is.Empty);
        Assert.That((child.PodSecurity, child.NodePool, child.Network!.Path, child.Quota["cpu"].Text), Is.EqualTo((PodSecurityLevel.Baseline, "b", "/a/b", "4")));
    }

    [Test]
    public void A_child_that_says_nothing_of_its_nodes_is_in_its_parents_pool_and_one_that_says_false_is_wrong()
    {
        var parent = GuardrailInheritance.Combine(EffectiveGuardrails.Nothing, new Guardrails { NodeIsolation = true }, "/a", "a").Effective;
        Assert.That(GuardrailInheritance.Combine(parent, new Guardrails(), "/a/b", "b").Problems, Is.Empty);
        Assert.That(GuardrailInheritance.Combine(EffectiveGuardrails.Nothing, new Guardrails { NodeIsolation = false }, "/a", "a").Problems, Is.Empty);
        Assert.That(
            GuardrailInheritance.Combine(parent, new Guardrails { NodeIsolation = false }, "/a/b", "b").Problems.Single().Message,
            Is.EqualTo("false is looser than true, which the collection a requires"));
    }

    /// <summary>The API server refuses a LimitRange whose defaultRequest is above its default, or whose default is above its max or below its min.</summary>
    [TestCase("max=4 default=2 request=3", "default=2 request=2")]
    [TestCase("max=4 default=8 request=1", "default=4 request=1")]
    [TestCase("max=4 default=4000m", "default=4000m request=")]
    [TestCase("max=4 request=8", "default= request=4")]
    [TestCase("min=2 default=1 request=1", "default=2 request=2")]
    [TestCase("min=2 default=2000m", "default=2000m request=")]
    [TestCase("default=8", "default=8 request=")]
    public void Defaults_are_brought_within_the_bounds(string limits, string expected)
    {
        var given = limits.Split(' ').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);
        Dictionary<string, IntOrString>? Of(string name) => given.TryGetValue(name, out var text) ? Amount("cpu", text) : null;
        var item = new LimitRangeItem { Type = LimitRangeType.Container, Max = Of("max"), Min = Of("min"), Default = Of("default"), DefaultRequest = Of("request") };
        var effective = GuardrailInheritance.Combine(
            EffectiveGuardrails.Nothing, new Guardrails { LimitRange = new LimitRangeGuardrail { Limits = [item] } }, "/a", "a").Effective.Limits[LimitRangeType.Container];
        Assert.That(
            $"default={(effective.Default.TryGetValue("cpu", out var d) ? d.Text : "")} request={(effective.DefaultRequest.TryGetValue("cpu", out var r) ? r.Text : "")}",
            Is.EqualTo(expected));
    }

    [TestCase("2", "1", "the minimum 2 is above the maximum 1")]
    [TestCase("1", "1", null)]
    [TestCase("0", "1", null)]
    public void A_minimum_may_reach_its_maximum(string min, string max, string? expected)
    {
        var item = new LimitRangeItem { Type = LimitRangeType.Pod, Max = Amount("cpu", max), Min = Amount("cpu", min) };
        var problems = GuardrailInheritance.Combine(EffectiveGuardrails.Nothing, new Guardrails { LimitRange = new LimitRangeGuardrail { Limits = [item] } }, "/a", "a").Problems;
        Assert.That(problems.SingleOrDefault()?.Message, Is.EqualTo(expected));
    }

    private static Dictionary<string, IntOrString> Amount(string name, string text) => new() { [name] = new IntOrString(text) };

    [TestCase("1000m", "1")]
    [TestCase("1Ki", "1024")]
    [TestCase("1e3", "1k")]
    [TestCase("0.5", "500m")]
    public void The_same_amount_has_many_texts(string left, string right) => Assert.That(Quantity.Parse(left), Is.EqualTo(Quantity.Parse(right)));

    private static void AssertNotLooser(EffectiveGuardrails parent, EffectiveGuardrails child)
    {
        Assert.That(child.PodSecurity ?? PodSecurityLevel.Privileged, Is.GreaterThanOrEqualTo(parent.PodSecurity ?? PodSecurityLevel.Privileged));
        foreach (var (name, bound) in parent.Quota)
        {
            Assert.That(Quantity.Parse(child.Quota[name].Text)!.Value, Is.LessThanOrEqualTo(Quantity.Parse(bound.Text)!.Value));
        }

        foreach (var (type, limits) in parent.Limits)
        {
            foreach (var (name, max) in limits.Max)
            {
                Assert.That(Quantity.Parse(child.Limits[type].Max[name].Text)!.Value, Is.LessThanOrEqualTo(Quantity.Parse(max.Text)!.Value));
            }

            foreach (var (name, min) in limits.Min)
            {
                Assert.That(Quantity.Parse(child.Limits[type].Min[name].Text)!.Value, Is.GreaterThanOrEqualTo(Quantity.Parse(min.Text)!.Value));
            }
        }

        Assert.That(parent.Network is null || child.Network is not null);
        Assert.That(parent.Network is not { Exact: true } || child.Network!.Exact);
        Assert.That(parent.NodePool is null || child.NodePool is not null);
    }

    private static Guardrails? Some(Random random)
    {
        Dictionary<string, IntOrString> Map() => new[] { "cpu", "memory", "pods" }.Where(_ => random.Next(2) == 0)
            .ToDictionary(n => n, _ => new IntOrString(Amounts[random.Next(Amounts.Length)]));
        return random.Next(5) == 0
            ? null
            : new Guardrails
            {
                PodSecurity = random.Next(2) == 0 ? null : (PodSecurityLevel)random.Next(3),
                NetworkIsolation = random.Next(2) == 0 ? null : (NetworkIsolation)random.Next(3),
                NodeIsolation = random.Next(3) switch { 0 => null, 1 => true, _ => false },
                ResourceQuota = new ResourceQuotaGuardrail { Hard = Map() },
                LimitRange = new LimitRangeGuardrail { Limits = [new LimitRangeItem { Type = LimitRangeType.Container, Max = Map(), Min = Map(), Default = Map() }] },
            };
    }
}
