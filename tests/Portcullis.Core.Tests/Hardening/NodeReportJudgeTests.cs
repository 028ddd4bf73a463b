using Portcullis.Core.Hardening;

namespace Portcullis.Core.Tests.Hardening;

/// <summary>The one line that <c>kubectl get nodereports</c> shows of a node.</summary>
internal sealed class NodeReportJudgeTests
{
    [TestCase("2 keys of 1 NodeHardening in force", HardeningState.InForce)]
    [TestCase("1 NodeHardening suspended or in mode Audit", HardeningState.Observed)]
    [TestCase("2 keys of 1 NodeHardening in force, 2 NodeHardenings suspended or in mode Audit", HardeningState.Observed, HardeningState.InForce, HardeningState.Observed)]
    public void What_is_only_looked_at_is_not_said_to_be_in_force(string expected, params HardeningState[] states)
    {
        var status = new NodeReportStatus
        {
            Engine = new EngineReport { Reachable = true },
            Hardenings = [.. states.Select((state, i) => new HardeningReport { Name = $"h{i}", Generation = 1, State = state, Message = "because" })],
            Keys = states.Contains(HardeningState.InForce) ? [Key("debug"), Key("icc")] : [],
        };

        var ready = NodeReportJudge.Conditions(status, 1, null, DateTimeOffset.UnixEpoch).Single();

        Assert.That((ready.Type, ready.Status, ready.Message), Is.EqualTo(("Ready", "True", expected)));
    }

    [Test]
    public void Of_two_tasks_the_worse_says_how_a_NodeHardening_stands()
    {
        var merged = NodeReportJudge.Merge([[Report("a", HardeningState.InForce), Report("b", HardeningState.InForce)], [Report("b", HardeningState.Refused)]]);
        Assert.That(merged.Select(r => (r.Name, r.State)), Is.EqualTo(new[] { ("a", HardeningState.InForce), ("b", HardeningState.Refused) }));
    }

    [Test]
    public void Two_tasks_in_the_same_state_both_say_why()
    {
        var merged = NodeReportJudge.Merge([[Report("a", HardeningState.Refused) with { Message = "one" }], [Report("a", HardeningState.Refused) with { Message = "two" }]]);
        Assert.That(merged.Single().Message, Is.EqualTo("one; two"));
    }

    [Test]
    public void Every_state_has_its_place_from_best_to_worst()
    {
        foreach (var state in Enum.GetValues<HardeningState>().Where(s => s != HardeningState.InForce))
        {
            Assert.That(NodeReportJudge.Merge([[Report("a", state)], [Report("a", HardeningState.InForce)]]).Single().State, Is.EqualTo(state));
        }
    }

    private static HardeningReport Report(string name, HardeningState state) => new() { Name = name, Generation = 1, State = state, Message = "because" };

    private static KeyReport Key(string name) => new() { Key = name, Hardening = "h0", ReadFrom = "info", InForce = true };
}
