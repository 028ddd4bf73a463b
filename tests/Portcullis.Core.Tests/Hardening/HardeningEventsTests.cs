using Portcullis.Core.Hardening;

namespace Portcullis.Core.Tests.Hardening;

/// <summary>What NodeHardenings are told of a plan that ran on a node.</summary>
internal sealed class HardeningEventsTests
{
    [Test]
    public void A_reverted_edit_names_its_author_on_the_NodeHardenings_that_own_the_keys()
    {
        var action = new HardeningAction.Configure([Write()]) { Reverts = ["debug", "icc"], RevertedFor = ["baseline"] };
        var reported = HardeningEvents.Of(new ActionResult.Done(action) { Reverted = new Attribution.FileWriter("uid 0 (root), process 7 (vi)") }).Single();
        Assert.That(reported.Hardenings, Is.EqualTo(new[] { "baseline" }));
        Assert.That(reported.Event, Is.EqualTo(new ReportedEvent(true, "DriftReverted", "daemon.json was changed by uid 0 (root), process 7 (vi); reverted: debug, icc")));
    }

    [Test]
    public void A_broken_file_that_was_replaced_is_reported_with_its_copy()
    {
        var action = new HardeningAction.Configure([new ConfigureStep.KeepBroken("is not JSON", "daemon.json.broken-1"), Write()]);
        var reported = HardeningEvents.Of(new ActionResult.Done(action)).Single();
        Assert.That(reported.Hardenings, Is.Empty, "all of the node");
        Assert.That(reported.Event.Message, Is.EqualTo("daemon.json is not JSON; the last good file was restored, and the agent keeps a copy as daemon.json.broken-1"));
    }

    [Test]
    public void A_restart_is_no_warning() =>
        Assert.That(
            HardeningEvents.Of(new ActionResult.Done(new HardeningAction.Configure([new ConfigureStep.Restart(["icc"])]))).Single().Event,
            Is.EqualTo(new ReportedEvent(false, "Restarted", "restarted the engine for icc")));

    [TestCase(true, 1)]
    [TestCase(false, 0)]
    public void A_roll_back_is_reported_when_it_replaced_the_file(bool restores, int events) =>
        Assert.That(HardeningEvents.Of(new ActionResult.Done(new HardeningAction.RollBack("no room left") { Restores = restores })).Count(), Is.EqualTo(events));

    [TestCase("Refused", 1)]
    [TestCase("RolledBack", 1)]
    [TestCase("FileChanged", 0)]
    [TestCase("EngineUnreachable", 0)]
    public void A_failure_is_reported_when_the_content_is_at_fault(string reason, int events)
    {
        var failed = new ActionResult.Failed(new HardeningAction.Configure([Write()]), new Problem(reason, "", "because"));
        Assert.That(HardeningEvents.Of(failed).Count(), Is.EqualTo(events));
    }

    [Test]
    public void What_went_wrong_is_a_warning()
    {
        HardeningAction broken = new HardeningAction.Configure([new ConfigureStep.KeepBroken("is not JSON", "daemon.json.broken-1"), Write()]);
        var problem = new Problem("RolledBack", "", "because");
        Assert.That(HardeningEvents.Of(new ActionResult.Failed(broken, problem)).Select(e => (e.Event.Warning, e.Event.Reason)), Is.EqualTo(new[] { (true, "FileProblem"), (true, "RolledBack") }));
        Assert.That(HardeningEvents.Of(new ActionResult.Failed(new HardeningAction.RollBack("no room left"), problem)).Select(e => (e.Event.Warning, e.Event.Reason)), Is.EqualTo(new[] { (true, "RolledBack") }));
    }

    [Test]
    public void Each_key_that_is_put_back_counts_by_itself_and_else_each_that_is_written()
    {
        Assert.That(new HardeningAction.Configure([Write()]) { Reverts = ["icc"] }.PutsBack, Is.EqualTo(new[] { "daemon.json: icc" }));
        var write = Write() with { Removed = ["labels"] };
        Assert.That(new HardeningAction.Configure([write]).PutsBack, Is.EqualTo(new[] { "daemon.json: debug", "daemon.json: labels" }));
    }

    private static ConfigureStep.Write Write() => new(DaemonJson.Empty, new Dictionary<string, OwnedKey>(), ["debug"], []);
}
