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
