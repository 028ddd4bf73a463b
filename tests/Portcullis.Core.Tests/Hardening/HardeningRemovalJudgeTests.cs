using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Hardening;

/// <summary>What a deleted NodeHardening waits for.</summary>
internal sealed class HardeningRemovalJudgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Nothing_is_left_of_it_on_nodes_without_its_keys() =>
        Assert.That(Judge(Deleted(), [Report("a", keyOf: "other")]), Is.Null);

    [Test]
    public void Its_keys_in_a_file_hold_it_back() =>
        Assert.That(Message(Judge(Deleted(), [Report("b", keyOf: "baseline"), Report("a", keyOf: "baseline")])), Is.EqualTo("its keys are still in daemon.json on a, b"));

    [TestCase(9, false)]
    [TestCase(10, true)]
    public void A_node_that_is_silent_holds_it_back_for_ten_minutes(int minutes, bool isGone)
    {
        var silent = Report("a", keyOf: "baseline");
        silent = silent with { Status = silent.Status! with { ObservedAt = Now.AddHours(-1) } };
        Assert.That(Judge(Deleted(minutes), [silent]) is null, Is.EqualTo(isGone));
    }

    [Test]
    public void A_node_that_reports_holds_it_back_for_as_long_as_it_has_its_keys() =>
        Assert.That(Judge(Deleted(minutes: 60), [Report("a", keyOf: "baseline")]), Is.Not.Null);

    [TestCase(RestartPolicy.Always, 1, false)]
    [TestCase(RestartPolicy.Always, 10, true)]
    [TestCase(RestartPolicy.Never, 1, true)]
    public void A_restart_is_waited_for_unless_it_is_forbidden_and_for_ten_minutes(RestartPolicy policy, int minutes, bool isGone) =>
        Assert.That(Judge(Deleted(minutes, policy), [Restarting("baseline")]) is null, Is.EqualTo(isGone));

    [TestCase(RestartPolicy.Always, false)]
    [TestCase(RestartPolicy.Never, true)]
    [TestCase(null, true)]
    public void A_restart_that_another_needs_too_is_waited_for_only_when_that_one_allows_it(RestartPolicy? other, bool isGone)
    {
        var all = other is { } policy ? [Deleted(), Of("other", policy)] : new[] { Deleted() };
        Assert.That(HardeningRemovalJudge.Judge(Deleted(), all, [Restarting("baseline", "other")], Now) is null, Is.EqualTo(isGone));
    }

    private static Outcome? Judge(NodeHardening deleted, NodeReport[] reports) => HardeningRemovalJudge.Judge(deleted, [deleted], reports, Now);

    private static string? Message(Outcome? outcome) => (outcome as Outcome.Waiting)?.Message;

    private static NodeHardening Deleted(int minutes = 1, RestartPolicy policy = RestartPolicy.Always)
    {
        var hardening = Of("baseline", policy);
        return hardening with { Metadata = hardening.Metadata with { DeletionTimestamp = Now.AddMinutes(-minutes) } };
    }

    private static NodeHardening Of(string name, RestartPolicy policy) => new()
    {
        Metadata = new ObjectMeta { Name = name },
        Spec = new NodeHardeningSpec { DaemonJson = new JsonObject { ["icc"] = false }, RestartPolicy = policy },
    };

    private static NodeReport Restarting(params string[] hardenings)
    {
        var report = Report("a", keyOf: "none");
        return report with
        {
            Status = report.Status! with
            {
                PendingRestart = new PendingRestartReport { Id = "1", Summary = "icc", Reason = "", AsksPermission = true, Hardenings = hardenings },
            },
        };
    }

    private static NodeReport Report(string node, string keyOf) => new()
    {
        Metadata = new ObjectMeta { Name = node },
        Spec = new NodeReportSpec { Node = node },
        Status = new NodeReportStatus
        {
            ObservedAt = Now.AddMinutes(-1),
            Engine = new EngineReport { Reachable = true },
            Keys = [new KeyReport { Key = "icc", Hardening = keyOf, ReadFrom = "info", InForce = true }],
        },
    };
}
