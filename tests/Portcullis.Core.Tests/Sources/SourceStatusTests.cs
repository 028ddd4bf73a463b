using Portcullis.Core.Kinds;
using Portcullis.Core.Sources;
using Portcullis.Core.Tests.Access;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Sources;

/// <summary>What a GitSource says of itself: how far the cluster is, and what keeps it from what the repository has.</summary>
internal sealed class SourceStatusTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly ObjectIdentity Space = new("", "Namespace", ObjectKey.Cluster("a"));

    private static readonly ObjectIdentity Config = new("", "ConfigMap", new ObjectKey("a", "b"));

    private static readonly RevisionInForce Revision = new()
    {
        Revision = "main@sha1:1234567890",
        Commit = "1234567890",
        Author = "ann",
        Observed = "https://git.example.com/a branch main",
        Objects = 2,
        PositionOf = i => i == Config ? "b.yaml:1" : null,
    };

    private static readonly SourceReadBack Applied = new()
    {
        Source = new GitSource { Metadata = new ObjectMeta { Name = "team" }, Spec = new GitSourceSpec { Url = "https://git.example.com/a" } },
        Before = new GitSourceStatus(),
        Fetch = new FetchResult.Current(),
        InForce = Revision,
        Plan = new ApplyPlan { Actions = [] },
        FetchIn = TimeSpan.FromSeconds(40),
        Counts = new AppliedCounts(1, 2, 3),
        Elapsed = TimeSpan.FromMilliseconds(1234),
        Receivers = new ListeningReceivers(["/hook/x"], null),
    };

    [Test]
    public void A_revision_that_is_wholly_applied_is_Ready_with_its_history()
    {
        Assert.That(Lines(Applied), Is.EqualTo(new[]
        {
            "=> Ready, again in 00:00:40: Applied 2 objects at 12345678",
            """status {"lastAppliedCommit":"1234567890","lastAppliedRevision":"main@sha1:1234567890","lastAttemptedRevision":"main@sha1:1234567890","inForceRevision":"main@sha1:1234567890","observedSource":"https://git.example.com/a branch main","observedPath":"","objects":2,"history":[{"revision":"main@sha1:1234567890","author":"ann","appliedAt":"2026-11-22T12:00:00Z","duration":"1234ms","created":1,"configured":2,"pruned":3}],"pendingCount":0,"problemCount":0,"driftCount":0,"pruneBlockedCount":0,"receiverPaths":["/hook/x"]}""",
            "Event Normal Applied: main@sha1:1234567890: 1 created, 2 configured, 3 pruned",
        }));
    }

    [Test]
    public void A_revision_that_would_delete_beyond_its_budget_leaves_the_one_before_in_force()
    {
        var over = Applied with
        {
            Before = new GitSourceStatus { LastAppliedCommit = "1234567890", LastAttemptedRevision = "main@sha1:1234567890" },
            Fetch = new FetchResult.Rejected("PruneBlocked", "30 objects would be deleted; approve it", "main@sha1:99", [])
            {
                PruneBlocked = [new ObjectFinding(Config, "awaits approval")],
            },
            Plan = Applied.Plan! with { PruneBlocked = [new ObjectFinding(Space, "holds Pod a")] },
        };

        var judged = SourceJudge.Judge(over, Now);

        Assert.Multiple(() =>
        {
            Assert.That(JudgedText.Of(judged.Outcome), Is.EqualTo(
                "=> Stalled PruneBlocked, again in 00:00:40: 30 objects would be deleted; approve it; 12345678 stays in force"));
            Assert.That(judged.Status.InForceRevision, Is.EqualTo("main@sha1:1234567890"));
            Assert.That(judged.Status.LastAttemptedRevision, Is.EqualTo("main@sha1:99"));
            Assert.That(judged.Status.PruneBlocked!.Select(b => $"{b.Object} {b.File}"), Is.EqualTo(new[] { "ConfigMap a/b b.yaml:1", "Namespace a " }));
            Assert.That(judged.Status.PruneBlockedCount, Is.EqualTo(2));
        });
        var unreadable = SourceJudge.Judge(over with { InForce = null, Plan = null }, Now);
        Assert.That((unreadable.Status.PruneBlocked!.Single().Object, unreadable.Status.PruneBlockedCount), Is.EqualTo(("ConfigMap a/b", 1)));
    }

    [Test]
    public void Judging_again_tells_nothing_twice_and_keeps_the_history()
    {
        var entry = new AppliedRevision { Revision = "old", AppliedAt = Now, Duration = "1ms", Created = 0, Configured = 0, Pruned = 0 };
        var again = SourceJudge.Judge(Applied with { Before = new GitSourceStatus { LastAppliedCommit = "1234567890", History = [entry] } }, Now);
        Assert.That(again.Events, Is.Empty);
        Assert.That(again.Status.History, Is.EqualTo(new[] { entry }));
        var next = SourceJudge.Judge(Applied with { Before = new GitSourceStatus { LastAppliedCommit = "0", History = [entry, entry, entry, entry, entry] } }, Now);
        Assert.That(next.Status.History!.Select(h => h.Revision), Is.EqualTo(new[] { "main@sha1:1234567890", "old", "old", "old", "old" }));
    }

    [Test]
    public void What_was_left_out_is_told_with_the_revision()
    {
        var notes = SourceJudge.Judge(Applied with { InForce = Revision with { Notes = ["1", "2", "3", "4", "5", "6"] } }, Now).Events;
        Assert.That(notes.Skip(1).Select(e => (e.Warning, e.Reason, e.Message)), Is.EqualTo(new[] { "1", "2", "3", "4", "5" }.Select(n => (true, "NotRead", n))));
    }

    [Test]
    public void What_is_not_yet_applied_is_waited_for_and_listed_with_its_line()
    {
        var seen = Applied with
        {
            Before = new GitSourceStatus { LastAppliedCommit = "0", LastAppliedRevision = "main@sha1:0" },
            Failures = [new ObjectFinding(Space, new string('x', 501)), new ObjectFinding(Config, "is invalid")],
            Plan = Applied.Plan! with { Pending = [new ObjectFinding(Space, "is being deleted")] },
            RetryIn = TimeSpan.FromSeconds(3),
        };
        var judged = SourceJudge.Judge(seen, Now);
        Assert.That(JudgedText.Of(judged.Outcome), Is.EqualTo("=> Waiting ObjectsPending, again in 00:00:03: 3 of 2 objects not yet at 12345678: ConfigMap a/b: is invalid"));
        Assert.That(judged.Status.Pending!.Select(p => (p.Object, p.File, p.Message.Length)), Is.EqualTo(new[]
        {
            ("ConfigMap a/b", "b.yaml:1", 10), ("Namespace a", null, 501), ("Namespace a", null, 16),
        }));
        Assert.That(judged.Status.Pending![1].Message, Does.EndWith("x…"));
        Assert.That((judged.Status.PendingCount, judged.Status.LastAppliedCommit, judged.Status.LastAppliedRevision, judged.Status.History), Is.EqualTo((3, "0", "main@sha1:0", (IReadOnlyList<AppliedRevision>?)null)));
        Assert.That(judged.Events, Is.Empty);
    }

    [TestCase(null, 40_000)]
    [TestCase(60_000, 40_000)]
    [TestCase(10, 100)]
    [TestCase(2_000, 2_000)]
    public void It_is_tried_again_when_the_next_object_is_due_but_no_later_than_the_next_fetch(int? retry, int expected)
    {
        var seen = Applied with { Failures = [new ObjectFinding(Config, "no")], RetryIn = retry is { } ms ? TimeSpan.FromMilliseconds(ms) : null };
        Assert.That(((Outcome.Waiting)SourceJudge.Judge(seen, Now).Outcome).RetryIn, Is.EqualTo(TimeSpan.FromMilliseconds(expected)));
    }

    [Test]
    public void A_revision_that_is_rejected_leaves_what_is_in_force()
    {
        var problem = new RevisionProblem(new SourcePosition("a.yaml", 3), "no");
        var rejected = new FetchResult.Rejected("Invalid", "revision 99 rejected", "main@sha1:99", [problem, problem]);
        var judged = SourceJudge.Judge(Applied with { Fetch = rejected }, Now);
        Assert.That(JudgedText.Of(judged.Outcome), Is.EqualTo("=> Stalled Invalid, again in 00:00:40: revision 99 rejected; 12345678 stays in force"));
        Assert.That((judged.Status.LastAttemptedRevision, judged.Status.ProblemCount, judged.Status.Problems![0].File, judged.Status.Problems[0].Message), Is.EqualTo(("main@sha1:99", 2, "a.yaml:3", "no")));
        Assert.That(judged.Events[0], Is.EqualTo(new ReportedEvent(true, "Invalid", "a.yaml:3: no\na.yaml:3: no")));
        Assert.That(SourceJudge.Judge(Applied with { Fetch = rejected, Announced = "main@sha1:99" }, Now).Events.Select(e => e.Reason), Is.EqualTo(new[] { "Applied" }));
        Assert.That(SourceJudge.Judge(Applied with { Fetch = rejected with { Problems = [problem] } }, Now).Events.Select(e => e.Reason), Is.EqualTo(new[] { "Applied" }));
        var unknown = SourceJudge.Judge(Applied with { Fetch = rejected with { Attempted = null, Problems = [] } }, Now).Status;
        Assert.That((unknown.LastAttemptedRevision, unknown.Problems, unknown.ProblemCount), Is.EqualTo(("main@sha1:1234567890", (IReadOnlyList<FileNote>?)null, 0)));
    }

    [Test]
    public void A_repository_that_cannot_be_asked_is_asked_again_soon()
    {
        var away = Applied with { Fetch = new FetchResult.Unavailable("FetchFailed", "no route") };
        Assert.That(JudgedText.Of(SourceJudge.Judge(away, Now).Outcome), Is.EqualTo("=> Waiting FetchFailed, again in 00:00:15: no route; 12345678 stays in force"));
        Assert.That(JudgedText.Of(SourceJudge.Judge(away with { FetchIn = TimeSpan.FromSeconds(5) }, Now).Outcome), Does.Contain("again in 00:00:05"));
    }

    [Test]
    public void Before_anything_is_in_force_it_says_so()
    {
        var nothing = Applied with { InForce = null, Plan = null };
        Assert.That(JudgedText.Of(SourceJudge.Judge(nothing, Now).Outcome), Is.EqualTo("=> Waiting Progressing, again in 00:00:15: nothing is in force yet"));
        Assert.That(
            JudgedText.Of(SourceJudge.Judge(nothing with { Fetch = new FetchResult.Rejected("Invalid", "no", null, []), Before = new GitSourceStatus { InForceRevision = "main@sha1:0" } }, Now).Outcome),
            Is.EqualTo("=> Stalled Invalid, again in 00:01:00: no; main@sha1:0, in force before the program started, cannot be read again"));
        Assert.That(SourceJudge.Judge(nothing, Now).Status.ReceiverPaths, Is.EqualTo(new[] { "/hook/x" }));
    }

    [Test]
    public void A_prune_beyond_its_budget_and_one_that_is_not_safe_need_somebody()
    {
        var over = Applied with { Plan = Applied.Plan! with { BudgetExceeded = "30 objects would be deleted", PruneBlocked = [new ObjectFinding(Config, "awaits approval")] } };
        var judged = SourceJudge.Judge(over, Now);
        Assert.That(JudgedText.Of(judged.Outcome), Is.EqualTo(
            "=> Stalled PruneBlocked, again in 00:00:40: 30 objects would be deleted; approve it with kubectl annotate gitsource team --overwrite portcullis.dev/approve=1234567890"));
        Assert.That((judged.Status.PruneBlockedCount, judged.Status.PruneBlocked![0].Object), Is.EqualTo((1, "ConfigMap a/b")));
        var unsafePrune = over with { Plan = over.Plan! with { BudgetExceeded = null } };
        Assert.That(JudgedText.Of(SourceJudge.Judge(unsafePrune, Now).Outcome), Is.EqualTo("=> Stalled PruneBlocked, again in 00:00:40: ConfigMap a/b awaits approval"));
    }

    [Test]
    public void What_is_left_different_from_Git_is_told()
    {
        var judged = SourceJudge.Judge(Applied with { Plan = Applied.Plan! with { Drift = [new ObjectFinding(Config, "data.x: 1 -> 2")] } }, Now);
        Assert.That(JudgedText.Of(judged.Outcome), Is.EqualTo("=> Ready, again in 00:00:40: Applied 2 objects at 12345678; not reverted (drift mode Warn): 1 object"));
        Assert.That((judged.Status.DriftCount, judged.Status.Drift![0].Message), Is.EqualTo((1, "data.x: 1 -> 2")));
    }

    [Test]
    public void Verification_has_a_condition_where_it_is_asked_for()
    {
        var asked = Applied with { Source = Applied.Source with { Spec = Applied.Source.Spec with { Verify = new GitVerification { SecretRef = new SecretReference { Name = "keys" } } } } };
        Assert.That(SourceJudge.Judge(Applied, Now).Conditions, Is.Empty);
        Assert.That(Condition(asked), Is.EqualTo("Unknown NotYetVerified: no revision was verified yet"));
        Assert.That(Condition(asked with { InForce = Revision with { SignedBy = "ann" } }), Is.EqualTo("True Succeeded: main@sha1:1234567890 is signed by ann"));
        Assert.That(
            Condition(asked with { InForce = Revision with { SignedBy = "ann" }, Fetch = new FetchResult.Rejected("VerificationFailed", "not signed", null, []) }),
            Is.EqualTo("False VerificationFailed: not signed"));
    }

    private static string Condition(SourceReadBack seen)
    {
        var condition = SourceJudge.Judge(seen, Now).Conditions.Single();
        return $"{condition.Status} {condition.Reason}: {condition.Message}";
    }

    private static IEnumerable<string> Lines(SourceReadBack seen) => JudgedText.Lines(SourceJudge.Judge(seen, Now), GitSource.JsonType);
}
