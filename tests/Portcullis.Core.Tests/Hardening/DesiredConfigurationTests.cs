using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Hardening;

/// <summary>What several NodeHardenings of a node declare together.</summary>
internal sealed class DesiredConfigurationTests
{
    private static readonly Dictionary<string, string> NoLabels = [];

    [Test]
    public void Of_a_key_that_several_agree_on_the_others_stay_when_one_is_refused()
    {
        var key = new DesiredKey(1400, "a", RestartPolicy.Never) { Also = [new DesiredKey(1400, "b", RestartPolicy.Always), new DesiredKey(1400, "c", RestartPolicy.WhenIdle)] };
        var without = key.Without(new HashSet<string> { "a" })!;
        Assert.That((without.Hardening, without.RestartPolicy, string.Join(",", without.Also.Select(k => k.Hardening))), Is.EqualTo(("b", RestartPolicy.WhenIdle, "c")));
        Assert.That(key.Without(new HashSet<string> { "a", "b", "c" }), Is.Null);
    }

    [Test]
    public void A_key_that_one_suspends_and_another_enforces_is_enforced()
    {
        var desired = DesiredConfiguration.For([Of("a", suspend: true), Of("b")], NoLabels);
        Assert.That((desired.Keys.Keys.Single(), desired.Held.Count), Is.EqualTo(("mtu", 0)));
        Assert.That(DesiredConfiguration.For([Of("a", suspend: true)], NoLabels).Held, Is.EqualTo(new[] { "mtu" }));
    }

    [Test]
    public void Of_a_key_that_two_audit_the_first_is_compared() =>
        Assert.That(DesiredConfiguration.For([Of("b", mode: HardeningMode.Audit), Of("a", mode: HardeningMode.Audit)], NoLabels).Audited["mtu"].Hardening, Is.EqualTo("a"));

    [Test]
    public void A_key_without_a_value_is_empty_text_and_not_left_out() =>
        Assert.That(DesiredConfiguration.For([Of("a") with { Spec = new NodeHardeningSpec { DaemonJson = new JsonObject { ["bip"] = null } } }], NoLabels).Keys["bip"].Value.ToJsonString(), Is.EqualTo("\"\""));

    [Test]
    public void While_declarations_are_unknown_what_was_accepted_stays_but_for_what_was_on_its_way_out()
    {
        var owned = new Dictionary<string, OwnedKey> { ["mtu"] = new(1400, "a", RestartPolicy.Always), ["icc"] = new(false, "a", RestartPolicy.Always) { IsLeaving = true } };
        Assert.That(DesiredConfiguration.AsAccepted(owned).Keys.Keys, Is.EqualTo(new[] { "mtu" }));
    }

    [TestCase("a", RestartPolicy.Always, true)]
    [TestCase("b", RestartPolicy.Always, false)]
    [TestCase("a", RestartPolicy.Never, false)]
    public void A_key_is_the_same_with_its_owner_and_its_policy(string hardening, RestartPolicy policy, bool isSame)
    {
        static Dictionary<string, OwnedKey> One(string hardening, RestartPolicy policy) => new() { ["mtu"] = new(1400, hardening, policy) };

        Assert.That(OwnedKey.AreSame(One("a", RestartPolicy.Always), One(hardening, policy)), Is.EqualTo(isSame));
    }

    [Test]
    public void One_engine_at_a_time_is_the_default() => Assert.That(new HardeningRollout().MaxUnavailable, Is.EqualTo(1));

    private static NodeHardening Of(string name, bool suspend = false, HardeningMode mode = HardeningMode.Enforce) => new()
    {
        Metadata = new ObjectMeta { Name = name },
        Spec = new NodeHardeningSpec { DaemonJson = new JsonObject { ["mtu"] = 1400 }, Suspend = suspend ? true : null, Mode = mode },
    };
}
