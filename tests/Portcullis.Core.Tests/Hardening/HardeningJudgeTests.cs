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
    public void As_many_restart_at_once_as_maxUnavailable_says_in_the_order_of_names()
    {
        NodeReport[] reports = [Asking("c"), Asking("a"), Asking("b")];
        Assert.That(Turns(1, reports), Is.EqualTo(new[] { "a" }));
        Assert.That(Turns(2, reports), Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void A_permitted_restart_holds_its_place_until_it_is_reported_done()
    {
        var permitted = Asking("a") with { Metadata = new ObjectMeta { Name = "a", Annotations = new Dictionary<string, string> { [RolloutGate.Annotation] = "id-a" } } };
        Assert.That(Turns(1, permitted, Asking("b")), Is.Empty);
        Assert.That(Turns(1, Report("a", HardeningState.InForce), Asking("b")), Is.EqualTo(new[] { "b" }));
    }

    [TestCase(HardeningState.RolledBack, true)]
    [TestCase(HardeningState.Unknown, false)]
    public void A_node_that_went_wrong_stops_the_rollout(HardeningState state, bool reachable)
    {
        var wrong = Report("a", state);
        wrong = wrong with { Status = wrong.Status! with { Engine = new EngineReport { Reachable = reachable } } };
        Assert.That(Turns(1, wrong, Asking("b")), Is.Empty);
    }

    [Test]
    public void A_node_nothing_is_known_of_counts_as_unavailable()
    {
        var turns = RolloutGate.Next([Paced(1)], [Node("a"), Node("b")], [Asking("b")], Now);
        Assert.That(turns, Is.Empty);
    }

    private static IEnumerable<string> Turns(int maxUnavailable, params NodeReport[] reports) =>
        RolloutGate.Next([Paced(maxUnavailable)], [.. reports.Select(r => Node(r.Metadata.Name!))], reports, Now).Select(t => t.Node);

    private static NodeHardening Paced(int maxUnavailable)
    {
        var hardening = Hardening();
        return hardening with { Spec = hardening.Spec with { Rollout = new HardeningRollout { MaxUnavailable = maxUnavailable } } };
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
