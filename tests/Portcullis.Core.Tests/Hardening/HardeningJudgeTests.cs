using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Hardening;

/// <summary>Summing up reports, and whose turn it is to restart.</summary>
internal sealed class HardeningJudgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Ready_only_when_every_selected_node_says_so()
    {
        var judged = Judge(Hardening(), Report("a", HardeningState.InForce), Report("b", HardeningState.InForce));
        Assert.That((judged.Status.Summary, ((Outcome.Ready)judged.Outcome).Message), Is.EqualTo(("2/2", "1 key in force on 2 nodes")));
    }

    [Test]
    public void A_node_without_a_report_is_unknown_and_not_done()
    {
        var states = NodeStates.Of(Hardening(), [Node("a"), Node("b")], [Report("a", HardeningState.InForce)], Now);
        var judged = HardeningJudge.Judge(Hardening(), states, []);
        Assert.That((judged.Status.Summary, ((Outcome.Waiting)judged.Outcome).Reason), Is.EqualTo(("1/2", "NotReported")));
        Assert.That(states.Counts, Is.EqualTo(new Dictionary<string, int> { ["InForce"] = 1, ["NotReported"] = 1 }));
    }

    [Test]
    public void A_report_of_an_earlier_generation_or_of_long_ago_does_not_count()
    {
        Assert.That(((Outcome.Waiting)Judge(Hardening() with { Metadata = Meta("baseline", 3) }, Report("a", HardeningState.InForce)).Outcome).Reason, Is.EqualTo("Progressing"));
        var old = Report("a", HardeningState.InForce);
        old = old with { Status = old.Status! with { ObservedAt = Now.AddHours(-1) } };
        Assert.That(((Outcome.Waiting)Judge(Hardening(), old).Outcome).Reason, Is.EqualTo("AgentSilent"));
    }

    [TestCase(HardeningState.Refused, "Refused")]
    [TestCase(HardeningState.RolledBack, "RolledBack")]
    [TestCase(HardeningState.NotInForce, "NotInForce")]
    public void What_somebody_must_act_on_stalls_and_is_named_first(HardeningState state, string reason)
    {
        var stalled = (Outcome.Stalled)Judge(Hardening(), Report("a", HardeningState.Unknown), Report("b", state)).Outcome;
        Assert.That((stalled.Reason, stalled.Message), Is.EqualTo((reason, "not in force on 2 of 2 nodes: b: because")));
    }

    [Test]
    public void No_node_at_all_is_not_Ready()
    {
        var selective = Hardening() with { Spec = Hardening().Spec with { NodeSelector = new Dictionary<string, string> { ["role"] = "edge" } } };
        Assert.That(MessageOf(Hardening(), []), Is.EqualTo("NoNodesSelected: the cluster has no nodes"));
        Assert.That(MessageOf(selective, [Node("a")]), Is.EqualTo("NoNodesSelected: nodeSelector matches no node"));
    }

    [Test]
    public void A_restart_that_could_not_be_permitted_is_a_failure_of_the_rollout()
    {
        var failed = new ActionResult.Failed(new RestartPermission("a", "id-a"), new Problem("Forbidden", "", "no right"));
        var states = NodeStates.Of(Hardening(), [Node("a")], [Report("a", HardeningState.InForce)], Now);
        Assert.That(HardeningJudge.Judge(Hardening(), states, [failed]).Outcome, Is.EqualTo(new Outcome.Failed("Forbidden", "no right")));
    }

    [Test]
    public void The_status_counts_restarts_of_its_own_keys_and_edits_on_all_nodes()
    {
        var other = Asking("b");
        other = other with { Status = other.Status! with { PendingRestart = other.Status!.PendingRestart! with { Hardenings = ["other"] }, Drift = new DriftReport { Reverted = 2 } } };
        var third = Report("c", HardeningState.InForce);
        third = third with { Status = third.Status! with { Drift = new DriftReport { Reverted = 3 } } };
        var status = Judge(Hardening(), Asking("a"), other, third).Status;
        Assert.That((status.PendingRestart, status.DriftReverted), Is.EqualTo((1, 5)));
    }

    [Test]
    public void The_status_lists_at_most_twenty_problems_by_node_and_none_when_there_are_none()
    {
        var wrong = Enumerable.Range(0, 25).Select(i => Report($"n{24 - i:00}", HardeningState.Refused)).ToArray();
        Assert.That(Judge(Hardening(), wrong).Status.Problems!.Select(p => p.Node), Is.EqualTo(Enumerable.Range(0, 20).Select(i => $"n{i:00}")));
        Assert.That(Judge(Hardening(), wrong[0]).Status.Problems, Has.Count.EqualTo(1));
        Assert.That(Judge(Hardening(), Report("a", HardeningState.InForce)).Status.Problems, Is.Null);
    }

    [TestCase(HardeningState.PendingRestart, "RestartRequired")]
    [TestCase(HardeningState.Applying, "Progressing")]
    [TestCase(HardeningState.Unknown, "EngineUnreachable")]
    public void What_may_pass_by_itself_is_waited_for(HardeningState state, string reason)
    {
        var waiting = (Outcome.Waiting)Judge(Hardening(), Report("a", state)).Outcome;
        Assert.That((waiting.Reason, waiting.Message), Is.EqualTo((reason, "not in force on 1 of 1 node: a: because")));
    }

    [Test]
    public void Of_several_that_somebody_must_act_on_the_first_node_is_named() =>
        Assert.That(((Outcome.Stalled)Judge(Hardening(), Report("c", HardeningState.Refused), Report("b", HardeningState.Different)).Outcome).Message, Is.EqualTo("not in force on 2 of 2 nodes: b: because"));

    [TestCase("connection refused", "connection refused")]
    [TestCase(null, "the engine cannot be reached")]
    public void An_agent_that_cannot_reach_its_engine_has_not_processed_the_generation(string? problem, string message)
    {
        var report = Report("a", HardeningState.InForce);
        report = report with { Status = report.Status! with { Engine = new EngineReport { Reachable = false, Problem = problem } } };
        var waiting = (Outcome.Waiting)Judge(Hardening() with { Metadata = Meta("baseline", 3) }, report).Outcome;
        Assert.That((waiting.Reason, waiting.Message), Is.EqualTo(("EngineUnreachable", $"not in force on 1 of 1 node: a: {message}")));
    }

    [Test]
    public void A_report_counts_until_it_is_fifteen_minutes_old_and_only_what_it_says_of_this_NodeHardening()
    {
        var report = Report("a", HardeningState.InForce);
        report = report with
        {
            Status = report.Status! with
            {
                ObservedAt = Now - HardeningJudge.SilentAfter,
                Hardenings = [.. report.Status!.Hardenings!, new HardeningReport { Name = "other", Generation = 9, State = HardeningState.Refused, Message = "other" }],
            },
        };
        Assert.That(Judge(Hardening(), report).Outcome, Is.InstanceOf<Outcome.Ready>());
    }

    [Test]
    public void One_without_a_generation_is_reported_at_generation_0()
    {
        var report = Report("a", HardeningState.InForce);
        report = report with { Status = report.Status! with { Hardenings = [report.Status!.Hardenings![0] with { Generation = 0 }] } };
        Assert.That(Judge(Hardening() with { Metadata = new ObjectMeta { Name = "baseline" } }, report).Outcome, Is.InstanceOf<Outcome.Ready>());
    }

    private static NodeReport Asking(string node)
    {
        var report = Report(node, HardeningState.PendingRestart);
        return report with
        {
            Status = report.Status! with
            {
                PendingRestart = new PendingRestartReport { Id = $"id-{node}", Summary = "icc", Reason = "", AsksPermission = true, Hardenings = ["baseline"] },
            },
        };
    }

    private static Reconciled<NodeHardeningStatus> Judge(NodeHardening hardening, params NodeReport[] reports) =>
        HardeningJudge.Judge(hardening, NodeStates.Of(hardening, reports.Select(r => Node(r.Metadata.Name!)), reports, Now), []);

    private static string MessageOf(NodeHardening hardening, NodeObservation[] nodes)
    {
        var waiting = (Outcome.Waiting)HardeningJudge.Judge(hardening, NodeStates.Of(hardening, nodes, [], Now), []).Outcome;
        return $"{waiting.Reason}: {waiting.Message}";
    }

    private static NodeObservation Node(string name) => new(name, new Dictionary<string, string>());

    private static ObjectMeta Meta(string name, long generation) => new() { Name = name, Generation = generation };

    private static NodeHardening Hardening() => new()
    {
        Metadata = Meta("baseline", 2),
        Spec = new NodeHardeningSpec { DaemonJson = new JsonObject { ["icc"] = false } },
    };

    private static NodeReport Report(string node, HardeningState state) => new()
    {
        Metadata = new ObjectMeta { Name = node },
        Spec = new NodeReportSpec { Node = node },
        Status = new NodeReportStatus
        {
            ObservedAt = Now.AddMinutes(-1),
            Engine = new EngineReport { Reachable = true },
            Hardenings = [new HardeningReport { Name = "baseline", Generation = 2, State = state, Message = "because" }],
        },
    };
}
