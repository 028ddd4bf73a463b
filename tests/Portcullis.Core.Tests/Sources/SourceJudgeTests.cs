using Portcullis.Core.Kinds;
using Portcullis.Core.Sources;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Sources;

internal sealed class SourceJudgeTests
{
    private const string Commit = "1111111111111111111111111111111111111111";

    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly ObjectIdentity Shop = new("", "Namespace", ObjectKey.Cluster("shop"));

    [Test]
    public void A_revision_is_applied_when_no_object_is_behind_it()
    {
        var judged = SourceJudge.Judge(Seen(), Now);
        Assert.Multiple(() =>
        {
            Assert.That(judged.Outcome, Is.EqualTo(new Outcome.Ready("Applied 3 objects at 11111111", TimeSpan.FromMinutes(1))));
            Assert.That(judged.Status.LastAppliedCommit, Is.EqualTo(Commit));
            Assert.That(judged.Status.History!.Single().Duration, Is.EqualTo("250ms"));
            Assert.That(judged.Events.Single(), Is.EqualTo(new ReportedEvent(false, "Applied", $"main@sha1:{Commit}: 2 created, 1 configured, 0 pruned")));
        });
    }

    [Test]
    public void An_applied_revision_is_reported_once()
    {
        var first = SourceJudge.Judge(Seen(), Now).Status;
        var again = SourceJudge.Judge(Seen() with { Before = first }, Now.AddHours(1));
        Assert.That(again.Events, Is.Empty);
        Assert.That(again.Status.History, Is.EqualTo(first.History));
    }

    [Test]
    public void An_object_that_failed_is_named_with_its_line_and_the_last_good_commit_stays()
    {
        var judged = SourceJudge.Judge(Seen() with { Failures = [new ObjectFinding(Shop, "is forbidden")], RetryIn = TimeSpan.FromSeconds(3) }, Now);
        Assert.Multiple(() =>
        {
            Assert.That(judged.Outcome, Is.EqualTo(new Outcome.Waiting("ObjectsPending", "1 of 3 objects not yet at 11111111: Namespace shop: is forbidden", TimeSpan.FromSeconds(3)) { IsWarning = true }));
            Assert.That(judged.Status.LastAppliedCommit, Is.Null);
            Assert.That(judged.Status.Pending!.Single(), Is.EqualTo(new ObjectNote { Object = "Namespace shop", File = "shop.yaml:1", Message = "is forbidden" }));
        });
    }

    [Test]
    public void What_was_skipped_is_pending_and_says_behind_what()
    {
        var create = Create("Namespace", "shop", "");
        var inside = Create("ConfigMap", "settings", "shop");
        var judged = SourceJudge.Judge(Seen() with { Results = [new ActionResult.Skipped(inside, create)] }, Now);
        Assert.That(judged.Status.Pending!.Single().Message, Is.EqualTo("not written, because this failed: create Namespace shop"));
        Assert.That(judged.Outcome, Is.InstanceOf<Outcome.Waiting>());
    }

    [Test]
    public void An_inventory_that_cannot_be_written_fails_the_whole_source()
    {
        var failed = new ActionResult.Failed(new ApplyAction.Record([]), new Problem("Forbidden", "", "sourceinventories is forbidden"));
        Assert.That(SourceJudge.Judge(Seen() with { Results = [failed] }, Now).Outcome, Is.EqualTo(new Outcome.Failed("Forbidden", "sourceinventories is forbidden")));
    }

    [Test]
    public void A_server_that_answers_no_writes_is_not_the_objects_fault()
    {
        var (one, two) = (Create("ConfigMap", "a", "x"), Create("ConfigMap", "b", "x"));
        var away = new ActionResult.Failed(one, new Problem("Unreachable", "", "connection refused"), IsAway: true);
        var judged = SourceJudge.Judge(Seen() with { Results = [away, new ActionResult.Skipped(two, one)], Failures = [new ObjectFinding(one.Object.Identity, "connection refused")] }, Now);
        Assert.That(judged.Outcome, Is.EqualTo(new Outcome.Failed("Unreachable", "the API server does not answer writes: connection refused", IsAway: true)));
    }

    [Test]
    public void A_rejected_revision_leaves_the_one_in_force_and_lists_its_problems_in_an_Event_once()
    {
        var rejected = new FetchResult.Rejected(
            "InvalidRevision", "22222222 rejected: a", "main@sha1:2", [new RevisionProblem(new SourcePosition("a.yaml", 1), "a"), new RevisionProblem(new SourcePosition("a.yaml", 2), "b")]);
        var judged = SourceJudge.Judge(Seen() with { Fetch = rejected }, Now);
        Assert.Multiple(() =>
        {
            Assert.That(((Outcome.Stalled)judged.Outcome).Message, Is.EqualTo("22222222 rejected: a; 11111111 stays in force"));
            Assert.That(judged.Status.LastAttemptedRevision, Is.EqualTo("main@sha1:2"));
            Assert.That(judged.Status.InForceRevision, Is.EqualTo($"main@sha1:{Commit}"));
            Assert.That(judged.Status.Problems!.Select(p => $"{p.File} {p.Message}"), Is.EqualTo(["a.yaml:1 a", "a.yaml:2 b"]));
            Assert.That(judged.Events.Select(e => e.Reason), Does.Contain("InvalidRevision"));
            Assert.That(SourceJudge.Judge(Seen() with { Fetch = rejected, Before = judged.Status }, Now).Events.Select(e => e.Reason), Does.Not.Contain("InvalidRevision"), "nor after a restart");
            Assert.That(SourceJudge.Judge(Seen() with { Fetch = rejected, Announced = "main@sha1:2" }, Now).Events.Select(e => e.Reason), Does.Not.Contain("InvalidRevision"));
        });
    }

    [Test]
    public void A_repository_that_is_away_is_asked_again_sooner_and_what_is_in_force_stays()
    {
        var judged = SourceJudge.Judge(Seen() with { Fetch = new FetchResult.Unavailable("FetchFailed", "no route") }, Now);
        Assert.That(judged.Outcome, Is.EqualTo(new Outcome.Waiting("FetchFailed", "no route; 11111111 stays in force", TimeSpan.FromSeconds(15)) { IsWarning = true }));
    }

    [Test]
    public void Without_any_revision_nothing_is_said_to_be_in_force()
    {
        var nothing = Seen() with { InForce = null, Plan = null, Fetch = new FetchResult.Unavailable("FetchFailed", "no route") };
        Assert.That(((Outcome.Waiting)SourceJudge.Judge(nothing, Now).Outcome).Message, Is.EqualTo("no route; nothing is in force yet"));
        var before = nothing with { Before = new GitSourceStatus { InForceRevision = "main@sha1:0" } };
        Assert.That(((Outcome.Waiting)SourceJudge.Judge(before, Now).Outcome).Message, Does.Contain("main@sha1:0, in force before the program started, cannot be read again"));
    }

    [Test]
    public void A_receiver_that_cannot_listen_keeps_the_source_from_being_Ready()
    {
        var seen = Seen() with { Receivers = new ListeningReceivers(["/hook/x", ""], "spec.receivers[1]: there is no Secret hook"), FetchIn = TimeSpan.FromMinutes(1) };
        var judged = SourceJudge.Judge(seen, Now);
        Assert.That(judged.Outcome, Is.EqualTo(new Outcome.Waiting(
            "SecretNotUsable",
            "spec.receivers[1]: there is no Secret hook; Applied 3 objects at 11111111, and the repository is polled meanwhile",
            TimeSpan.FromMinutes(1)) { IsWarning = true }));
        Assert.That(judged.Status.ReceiverPaths, Is.EqualTo(new[] { "/hook/x", "" }));
        Assert.That(judged.Status.LastAppliedCommit, Is.EqualTo(Commit));
    }

    [Test]
    public void A_prune_beyond_its_budget_says_how_to_approve_it()
    {
        var plan = new ApplyPlan { Actions = [], BudgetExceeded = "30 objects would be deleted and prune.maxCount is 20" };
        var stalled = (Outcome.Stalled)SourceJudge.Judge(Seen() with { Plan = plan }, Now).Outcome;
        Assert.That(stalled.Message, Does.EndWith($"approve it with kubectl annotate gitsource root --overwrite portcullis.dev/approve={Commit}"));
    }

    [Test]
    public void Signatures_are_reported_only_where_they_are_asked_for()
    {
        var verified = Seen() with { Source = Source(new GitVerification { SecretRef = new SecretReference { Name = "keys" } }) };
        Assert.Multiple(() =>
        {
            Assert.That(SourceJudge.Judge(Seen(), Now).Conditions, Is.Empty);
            Assert.That(SourceJudge.Judge(verified, Now).Conditions.Single().Status, Is.EqualTo("Unknown"));
            Assert.That(SourceJudge.Judge(verified with { InForce = verified.InForce! with { SignedBy = "ann" } }, Now).Conditions.Single().Status, Is.EqualTo("True"));
            Assert.That(SourceJudge.Judge(verified with { Fetch = new FetchResult.Rejected("VerificationFailed", "no signature", "x", []) }, Now).Conditions.Single().Status, Is.EqualTo("False"));
        });
    }

    [Test]
    public void Only_when_no_write_was_answered_is_the_API_server_to_blame()
    {
        var (one, two, three) = (Create("ConfigMap", "a", "x"), Create("ConfigMap", "b", "x"), Create("ConfigMap", "c", "x"));
        var away = new ActionResult.Failed(one, new Problem("Unavailable", "", "connection refused"), IsAway: true);
        var refused = new ActionResult.Failed(two, new Problem("Forbidden", "", "no right"));
        var skipped = new ActionResult.Skipped(three, one);
        Assert.That(Outcome(away, skipped), Is.EqualTo(new Outcome.Failed("Unavailable", "the API server does not answer writes: connection refused", IsAway: true)));
        Assert.That(Outcome(away, refused, skipped), Is.Not.InstanceOf<Outcome.Failed>());
        Assert.That(Outcome(away, new ActionResult.Done(two)), Is.Not.InstanceOf<Outcome.Failed>());

        static Outcome Outcome(params ActionResult[] results) => SourceJudge.Judge(Seen() with { Results = results }, Now).Outcome;
    }

    [Test]
    public void A_rejected_revision_is_the_last_attempted_and_else_the_one_in_force()
    {
        var seen = Seen();
        Assert.That(SourceJudge.Judge(seen with { Fetch = new FetchResult.Rejected("Invalid", "wrong", "main@sha1:1", []) }, Now).Status.LastAttemptedRevision, Is.EqualTo("main@sha1:1"));
        Assert.That(SourceJudge.Judge(seen with { Fetch = new FetchResult.Rejected("Invalid", "wrong", null, []) }, Now).Status.LastAttemptedRevision, Is.EqualTo($"main@sha1:{Commit}"));
    }

    private static ApplyAction.Create Create(string kind, string name, string space)
    {
        var identity = new ObjectIdentity("", kind, new ObjectKey(space, name));
        return new ApplyAction.Create(new DesiredObject(new InventoryEntry("v1", identity), "digest", 1));
    }

    private static GitSource Source(GitVerification? verify = null) => new()
    {
        Metadata = new ObjectMeta { Name = "root" },
        Spec = new GitSourceSpec { Url = "https://git.example.com/platform.git", Verify = verify },
    };

    private static SourceReadBack Seen() => new()
    {
        Source = Source(),
        Before = new GitSourceStatus(),
        Fetch = new FetchResult.Current(),
        InForce = new RevisionInForce
        {
            Revision = $"main@sha1:{Commit}",
            Commit = Commit,
            Author = "Ann <ann@example.com>",
            Observed = "https://git.example.com/platform.git branch main",
            Objects = 3,
            PositionOf = _ => "shop.yaml:1",
        },
        Plan = new ApplyPlan { Actions = [] },
        FetchIn = TimeSpan.FromMinutes(1),
        Counts = new AppliedCounts(2, 1, 0),
        Elapsed = TimeSpan.FromMilliseconds(250),
    };
}
