using Portcullis.Core.Hardening;
using Portcullis.Objects;

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

    [Test]
    public void The_message_of_the_better_state_is_not_shown_and_the_oldest_generation_counts()
    {
        var merged = NodeReportJudge.Merge(
        [
            [Report("a", HardeningState.Refused) with { Message = "why", Generation = 3 }],
            [Report("a", HardeningState.InForce) with { Message = "fine", Generation = 2 }],
            [Report("a", HardeningState.Refused) with { Message = "why", Generation = 4 }],
        ]);
        Assert.That((merged.Single().Message, merged.Single().Generation), Is.EqualTo(("why", 2)));
    }

    // Refused, rolled back, different and not in force stay so until somebody acts.
    [TestCase("PendingRestart: h0: because", "Reconciling", HardeningState.PendingRestart)]
    [TestCase("Applying: h0: because", "Reconciling", HardeningState.Applying, HardeningState.PendingRestart)]
    [TestCase("Unknown: h1: because", "Reconciling", HardeningState.InForce, HardeningState.Unknown)]
    [TestCase("Refused: h1: because", "Stalled", HardeningState.PendingRestart, HardeningState.Refused)]
    [TestCase("RolledBack: h1: because", "Stalled", HardeningState.Applying, HardeningState.RolledBack)]
    [TestCase("Different: h0: because", "Stalled", HardeningState.Different)]
    [TestCase("NotInForce: h0: because", "Stalled", HardeningState.NotInForce, HardeningState.InForce)]
    public void A_node_with_a_problem_is_not_Ready_and_says_whether_it_may_pass(string expected, string type, params HardeningState[] states)
    {
        var conditions = NodeReportJudge.Conditions(Status([.. states.Select((state, i) => Report($"h{i}", state))]), 7, null, DateTimeOffset.UnixEpoch);
        Assert.That(
            conditions.Select(c => $"{c.Type}={c.Status} {c.ObservedGeneration} {c.Reason}: {c.Message}"),
            Is.EqualTo(new[] { $"Ready=False 7 {expected}", $"{type}=True 7 {expected}" }));
    }

    [TestCase("connection refused", "connection refused")]
    [TestCase(null, "the engine cannot be reached")]
    public void An_engine_that_does_not_answer_comes_before_every_other_problem(string? problem, string message)
    {
        var status = Status(Report("h0", HardeningState.Refused)) with { Engine = new EngineReport { Reachable = false, Problem = problem } };
        var conditions = NodeReportJudge.Conditions(status, 1, null, DateTimeOffset.UnixEpoch);
        Assert.That(
            conditions.Select(c => $"{c.Type}={c.Status} {c.Reason}: {c.Message}"),
            Is.EqualTo(new[] { $"Ready=False EngineUnreachable: {message}", $"Reconciling=True EngineUnreachable: {message}" }));
    }

    [Test]
    public void A_node_that_nothing_selects_is_Ready_and_says_so()
    {
        var ready = NodeReportJudge.Conditions(new NodeReportStatus { Engine = new EngineReport { Reachable = true } }, 1, null, DateTimeOffset.UnixEpoch).Single();
        Assert.That((ready.Status, ready.Reason, ready.Message), Is.EqualTo(("True", "Succeeded", "no NodeHardening selects this node")));
    }

    [Test]
    public void Without_a_list_of_keys_none_is_in_force()
    {
        var ready = NodeReportJudge.Conditions(Status(Report("h0", HardeningState.InForce)) with { Keys = null }, 1, null, DateTimeOffset.UnixEpoch).Single();
        Assert.That(ready.Message, Is.EqualTo("0 keys of 1 NodeHardening in force"));
    }

    [Test]
    public void The_time_of_a_condition_is_when_it_turned_in_whole_seconds()
    {
        var (then, now) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddHours(1).AddMilliseconds(750));
        Condition[] before =
        [
            new() { Type = "Stalled", Status = "False", Reason = "", Message = "", LastTransitionTime = then.AddMinutes(1) },
            new() { Type = "Ready", Status = "False", Reason = "", Message = "", LastTransitionTime = then },
        ];
        var conditions = NodeReportJudge.Conditions(Status(Report("h0", HardeningState.Refused)), 1, before, now);
        Assert.That(
            conditions.Select(c => (c.Type, c.LastTransitionTime)),
            Is.EqualTo(new[] { ("Ready", then), ("Stalled", DateTimeOffset.UnixEpoch.AddHours(1)) }));
    }

    private static NodeReportStatus Status(params HardeningReport[] reports) => new() { Engine = new EngineReport { Reachable = true }, Hardenings = [.. reports] };

    private static HardeningReport Report(string name, HardeningState state) => new() { Name = name, Generation = 1, State = state, Message = "because" };

    private static KeyReport Key(string name) => new() { Key = name, Hardening = "h0", ReadFrom = "info", InForce = true };
}
