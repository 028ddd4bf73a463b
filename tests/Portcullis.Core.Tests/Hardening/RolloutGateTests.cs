using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Hardening;

/// <summary>Which nodes may restart their engine now (<c>spec.rollout</c>).</summary>
internal sealed class RolloutGateTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

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

    [Test]
    public void Without_a_rollout_one_node_restarts_at_a_time() =>
        Assert.That(RolloutGate.Next([Hardening()], [Node("a"), Node("b")], [Asking("a"), Asking("b")], Now).Select(t => t.Node), Is.EqualTo(new[] { "a" }));

    [Test]
    public void A_report_older_than_fifteen_minutes_makes_its_node_unavailable()
    {
        static NodeReport Since(TimeSpan age) => Report("a", HardeningState.InForce) with { Status = Report("a", HardeningState.InForce).Status! with { ObservedAt = Now - age } };

        Assert.That(Turns(1, Since(HardeningJudge.SilentAfter), Asking("b")), Is.EqualTo(new[] { "b" }));
        Assert.That(Turns(1, Since(HardeningJudge.SilentAfter + TimeSpan.FromSeconds(1)), Asking("b")), Is.Empty);
    }

    [Test]
    public void One_that_was_rolled_back_makes_its_node_unavailable_whatever_the_others_say()
    {
        var report = Report("a", HardeningState.InForce);
        report = report with { Status = report.Status! with { Hardenings = [.. report.Status!.Hardenings!, report.Status!.Hardenings![0] with { Name = "other", State = HardeningState.RolledBack }] } };
        Assert.That(Turns(1, report, Asking("b")), Is.Empty);
    }

    [Test]
    public void A_permission_is_for_one_restart_and_a_later_one_asks_again()
    {
        Assert.That(RolloutGate.Waits(Permitted("a", "id-a")), Is.False);
        Assert.That(RolloutGate.Waits(Permitted("a", "id-of-before")), Is.True);
        Assert.That(RolloutGate.Waits(Report("a", HardeningState.InForce)), Is.False);
        Assert.That(Turns(1, Permitted("a", "id-of-before")), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void Every_NodeHardening_of_a_node_must_have_room_for_its_restart()
    {
        NodeObservation[] nodes = [Node("a", "edge"), Node("b", "edge")];
        Assert.That(Turns([Hardening(), Other("edge")], nodes, Unreachable("a"), Asking("b")), Is.Empty, "a is not available");
        Assert.That(Turns([Paced(2), Other("edge")], nodes, Unreachable("a"), Asking("b")), Is.Empty, "the other has no room, although its keys need no restart");
        Assert.That(Turns([Paced(2), Other("core")], nodes, Unreachable("a"), Asking("b")), Is.EqualTo(new[] { "b" }), "the other selects neither");
    }

    [Test]
    public void A_NodeHardening_with_no_room_holds_up_only_its_own_nodes()
    {
        NodeObservation[] nodes = [Node("a", "edge"), Node("b", "core")];
        Assert.That(Turns([Paced(2), Other("edge")], nodes, Unreachable("a"), Asking("b")), Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public void Keys_of_one_that_no_longer_selects_the_node_still_take_its_room()
    {
        NodeObservation[] nodes = [Node("a", "edge"), Node("b", "core")];
        var asking = Asking("b");
        asking = asking with { Status = asking.Status! with { PendingRestart = asking.Status!.PendingRestart! with { Hardenings = ["other"] } } };
        Assert.That(Turns([Other("edge")], nodes, Unreachable("a"), asking), Is.Empty);
        Assert.That(Turns([Other("core")], nodes, Unreachable("a"), asking), Is.EqualTo(new[] { "b" }), "nodes that it does not select take no room");
    }

    private static IEnumerable<string> Turns(int maxUnavailable, params NodeReport[] reports) =>
        Turns([Paced(maxUnavailable)], [.. reports.Select(r => Node(r.Metadata.Name!))], reports);

    private static IEnumerable<string> Turns(NodeHardening[] hardenings, NodeObservation[] nodes, params NodeReport[] reports) =>
        RolloutGate.Next(hardenings, nodes, reports, Now).Select(t => t.Node);

    private static NodeHardening Paced(int maxUnavailable)
    {
        var hardening = Hardening();
        return hardening with { Spec = hardening.Spec with { Rollout = new HardeningRollout { MaxUnavailable = maxUnavailable } } };
    }

    private static NodeHardening Other(string role) => new()
    {
        Metadata = new ObjectMeta { Name = "other" },
        Spec = new NodeHardeningSpec { DaemonJson = [], NodeSelector = new Dictionary<string, string> { ["role"] = role } },
    };

    private static NodeReport Permitted(string node, string id) =>
        Asking(node) with { Metadata = new ObjectMeta { Name = node, Annotations = new Dictionary<string, string> { [RolloutGate.Annotation] = id } } };

    private static NodeReport Unreachable(string node)
    {
        var report = Report(node, HardeningState.Unknown);
        return report with { Status = report.Status! with { Engine = new EngineReport { Reachable = false } } };
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

    private static NodeObservation Node(string name, string? role = null) => new(name, role is null ? [] : new Dictionary<string, string> { ["role"] = role });

    private static NodeHardening Hardening() => new()
    {
        Metadata = new ObjectMeta { Name = "baseline", Generation = 2 },
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
