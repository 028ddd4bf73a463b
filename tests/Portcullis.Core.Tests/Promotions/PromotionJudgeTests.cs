using System.Globalization;
using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Promotions;

internal sealed class PromotionJudgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_promotion_that_failed_is_reported_as_failed_and_tried_again()
    {
        var (observed, plan) = Planned(Entry("65"), Entry("66"));
        ActionResult[] results = [new ActionResult.Done(plan.Actions[0]), new ActionResult.Failed(plan.Actions[1], new Problem("RegistryError", "", "the registry answered 500"))];
        var judged = PromotionJudge.Judge(observed, plan, results, Now);
        Assert.That(judged.Outcome, Is.EqualTo(new Outcome.Failed("RegistryError", "the registry answered 500")));
        Assert.That(judged.Status.Promoted, Is.EqualTo(1));
        Assert.That(judged.Status.Decisions!.Select(d => $"{d.Tag} {d.Decision} {d.Reason}"), Is.EqualTo(new[] { "65 Promoted ", "66 Failed the registry answered 500" }));
        Assert.That(judged.Events.Select(e => e.Message), Is.EqualTo(new[] { "promoted a/a:65 (sha256:65) to a/b:65" }));
    }

    [Test]
    public void An_image_that_is_nested_too_deep_is_blocked_and_the_policy_is_ready()
    {
        var (observed, plan) = Planned(Entry("65"), Entry("66"));
        ActionResult[] results = [new ActionResult.Done(plan.Actions[0]), new ActionResult.Failed(plan.Actions[1], new Problem(PromotionReasons.ImageTooDeep, "", "nested too deep"))];
        var judged = PromotionJudge.Judge(observed, plan, results, Now);
        Assert.That(judged.Outcome, Is.EqualTo(new Outcome.Ready("1 tag promoted, 1 tag blocked")));
        Assert.That(judged.Status.Decisions!.Select(d => $"{d.Tag} {d.Decision} {d.Reason}"), Is.EqualTo(new[] { "65 Promoted ", "66 Blocked nested too deep" }));
        Assert.That(judged.Events.Select(e => e.Reason), Does.Contain(PromotionReasons.PromotionBlocked));
    }

    [TestCase("sha256-%n")]
    [TestCase("sha256-%n.sig")]
    public void A_tag_that_would_be_a_list_of_referrers_in_the_target_is_blocked(string template)
    {
        var (observed, _) = Planned(Entry("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"), Entry("66"));
        observed = observed with { Policy = observed.Policy with { Spec = observed.Policy.Spec with { Target = observed.Policy.Spec.Target with { TagTemplate = template } } } };
        var plan = PromotionPlanner.Plan(observed, Now);
        Assert.That(plan.Decisions.Select(d => d.Decision), Is.EqualTo(new[] { PromotionDecision.Blocked, PromotionDecision.Promotes }));
        Assert.That(plan.Decisions[0].Reason, Does.Contain("the tag of a list of what refers to an image"));
    }

    [Test]
    public void What_was_skipped_or_not_tried_is_not_promoted()
    {
        var (observed, plan) = Planned(Entry("65"), Entry("66"));
        var judged = PromotionJudge.Judge(observed, plan, [new ActionResult.Skipped(plan.Actions[0], plan.Actions[0])], Now);
        Assert.That(judged.Status.Decisions!.Select(d => d.Decision), Is.All.EqualTo("Failed"));
        Assert.That(judged.Status.LastPromotion, Is.Null);
    }

    [Test]
    public void A_policy_whose_repositories_nobody_declares_waits()
    {
        var (observed, _) = Planned();
        observed = observed with { Problems = [new Problem(PromotionReasons.RepositoryMissing, "spec.target.repository", "no Repository declares a/b")] };
        var judged = PromotionJudge.Judge(observed, PromotionPlanner.Plan(observed, Now), [], Now);
        Assert.That(judged.Outcome, Is.EqualTo(new Outcome.Waiting("RepositoryMissing", "spec.target.repository: no Repository declares a/b", TimeSpan.FromMinutes(1))
        {
            ReportAfter = TimeSpan.FromSeconds(5),
        }));
    }

    [Test]
    public void That_what_a_policy_names_is_suspended_is_reported_at_once()
    {
        var (observed, _) = Planned();
        observed = observed with { Problems = [new Problem(PromotionReasons.Suspended, "spec.registry", "the Registry dtr is suspended: nothing is promoted")] };
        var judged = PromotionJudge.Judge(observed, PromotionPlanner.Plan(observed, Now), [], Now);
        Assert.That(((Outcome.Waiting)judged.Outcome).ReportAfter, Is.Null);
    }

    [Test]
    public void A_policy_that_was_edited_says_what_it_had_promoted_before()
    {
        var (observed, _) = Planned(Entry("65") with { Promotions = [Done(65)] }, Entry("66") with { Promotions = [Done(66)] });
        var policy = observed.Policy with
        {
            Metadata = observed.Policy.Metadata with { Generation = (observed.Policy.Metadata.Generation ?? 0) + 1 },
            Spec = observed.Policy.Spec with { FreezeWindows = [new FreezeWindow { Name = "always", Schedule = "0 0 1 * *", Duration = "1000h" }] },
        };
        observed = observed with { Policy = policy };
        var judged = PromotionJudge.Judge(observed, PromotionPlanner.Plan(observed, Now), [], Now);
        Assert.That(((Outcome.Ready)judged.Outcome).Message, Does.StartWith("2 tags frozen; an edited policy decides anew: before the edit it had promoted 2 of these; the freeze window"));
    }

    [Test]
    public void Twenty_decisions_are_shown_and_the_newest_first()
    {
        var (observed, plan) = Planned([.. Enumerable.Range(10, 25).Select(i => Entry(i.ToString(CultureInfo.InvariantCulture), Now.AddMinutes(-i)) with { Promotions = [Done(i)] })]);
        var judged = PromotionJudge.Judge(observed, plan, [], Now);
        Assert.That(judged.Status.Promoted, Is.EqualTo(25));
        Assert.That(judged.Status.Decisions, Has.Count.EqualTo(20));
        Assert.That(judged.Status.Decisions!.Select(d => d.Tag), Is.EqualTo(Enumerable.Range(10, 20).Select(i => i.ToString(CultureInfo.InvariantCulture))));
        Assert.That(judged.Status.LastPromotion!.SourceTag, Is.EqualTo("10"));
        Assert.That(judged.Outcome, Is.EqualTo(new Outcome.Ready("25 tags promoted")));
    }

    [Test]
    public void The_last_promotion_stays_known_when_its_tag_is_gone()
    {
        var last = new PromotionRecord { SourceTag = "9", TargetTag = "9", Digest = "sha256:9", At = Now };
        var (observed, plan) = Planned(Entry("10") with { Promotions = [Done(10)] });
        var policy = observed.Policy with { Status = new PromotionPolicyStatus { LastPromotion = last } };
        Assert.That(PromotionJudge.Judge(observed with { Policy = policy }, plan, [], Now).Status.LastPromotion, Is.EqualTo(last));
        var older = policy with { Status = new PromotionPolicyStatus { LastPromotion = last with { At = Now.AddDays(-9) } } };
        Assert.That(PromotionJudge.Judge(observed with { Policy = older }, plan, [], Now).Status.LastPromotion!.SourceTag, Is.EqualTo("10"));
    }

    [Test]
    public void That_a_tag_is_blocked_is_an_Event_once()
    {
        var (observed, _) = Planned(Entry("66"));
        observed = observed with { Target = [Entry("66") with { Digest = "sha256:other" }], ImmutableBy = _ => "a rule" };
        var plan = PromotionPlanner.Plan(observed, Now);
        var first = PromotionJudge.Judge(observed, plan, [], Now);
        Assert.That(first.Events.Select(e => e.Reason), Is.EqualTo(new[] { PromotionReasons.PromotionBlocked }));
        Assert.That(first.Events[0].Warning, Is.True);
        var again = observed with { Policy = observed.Policy with { Status = first.Status } };
        Assert.That(PromotionJudge.Judge(again, plan, [], Now).Events, Is.Empty);
    }

    [Test]
    public void A_tag_that_is_blocked_in_another_way_than_before_is_an_Event_again()
    {
        var (observed, _) = Planned(Entry("66"));
        observed = observed with { Target = [Entry("66") with { Digest = "sha256:other" }], ImmutableBy = _ => "a rule" };
        var plan = PromotionPlanner.Plan(observed, Now);
        var now = PromotionJudge.Judge(observed, plan, [], Now).Status.Decisions!.Single();
        PromotionVerdict[] others = [now with { Tag = "65" }, now with { Digest = "sha256:x" }, now with { Decision = "Frozen" }, now with { Reason = "another" }];
        foreach (var before in others)
        {
            var again = observed with { Policy = observed.Policy with { Status = new PromotionPolicyStatus { Decisions = [before] } } };
            Assert.That(PromotionJudge.Judge(again, plan, [], Now).Events, Has.Count.EqualTo(1), before.ToString());
        }
    }

    [TestCase(1, "t0: REASON")]
    [TestCase(3, "t0: REASON; and 2 more")]
    public void A_conflict_stalls_the_policy_until_one_of_the_two_is_changed(int conflicts, string message)
    {
        var (observed, _) = Planned([.. Enumerable.Range(0, conflicts).Select(i => Entry($"t{i}"))]);
        var other = observed.Policy with { Metadata = new ObjectMeta { Name = "other" }, Spec = observed.Policy.Spec with { Source = new PromotionSource { Repository = "a/c" } } };
        observed = observed with
        {
            Target = [.. observed.Source.Select(e => e with { Digest = "sha256:x", PromotedFrom = new PromotionOrigin { Policy = "other", Repository = "a/c", Tag = e.Tag } })],
            OthersToTarget = [other],
        };
        var stalled = (Outcome.Stalled)PromotionJudge.Judge(observed, PromotionPlanner.Plan(observed, Now), [], Now).Outcome;
        Assert.That(stalled.Reason, Is.EqualTo(PromotionReasons.PromotionConflict));
        Assert.That(stalled.Message.Replace("the PromotionPolicy other wrote sha256:x to a/b:t0: change the template or the criteria of one of the two", "REASON", StringComparison.Ordinal), Is.EqualTo(message));
    }

    [Test]
    public void Time_that_changes_a_decision_is_waited_for()
    {
        var (observed, plan) = Planned(Entry("66"));
        Assert.That(PromotionJudge.Judge(observed, plan with { NextChange = Now.AddHours(1) }, [Done(plan)], Now).Outcome, Is.EqualTo(new Outcome.Ready("1 tag promoted", TimeSpan.FromMinutes(54))));
        Assert.That(PromotionJudge.Judge(observed, plan with { NextChange = Now.AddSeconds(5) }, [Done(plan)], Now).Outcome, Is.EqualTo(new Outcome.Ready("1 tag promoted", TimeSpan.FromSeconds(5.5))));
        Assert.That(PromotionJudge.Judge(observed, plan with { NextChange = Now.AddDays(9) }, [Done(plan)], Now).Outcome, Is.EqualTo(new Outcome.Ready("1 tag promoted", TimeSpan.FromDays(1))));
        Assert.That(PromotionJudge.Judge(observed, plan with { NextChange = Now.AddSeconds(-5) }, [Done(plan)], Now).Outcome, Is.EqualTo(new Outcome.Ready("1 tag promoted", TimeSpan.Zero)));
    }

    private static ActionResult.Done Done(PromotionPlan plan) => new(plan.Actions[0]);

    private static TagEntry Entry(string tag, DateTimeOffset? pushedAt = null) => new() { Tag = tag, Digest = $"sha256:{tag}", PushedAt = pushedAt ?? Now.AddMinutes(-5) };

    private static TagPromotion Done(int tag) => new() { Policy = "mine", Generation = 1, Digest = $"sha256:{tag}", TargetTag = $"{tag}", At = Now.AddMinutes(-tag), Done = true };

    private static (PromotionObservation Observed, PromotionPlan Plan) Planned(params TagEntry[] source)
    {
        var observed = new PromotionObservation(new PromotionPolicy
        {
            Metadata = new ObjectMeta { Name = "mine", Generation = 1 },
            Spec = new PromotionPolicySpec { Registry = "dtr", Source = new PromotionSource { Repository = "a/a" }, Target = new PromotionTarget { Repository = "a/b" } },
        })
        {
            Source = source,
        };
        return (observed, PromotionPlanner.Plan(observed, Now));
    }
}
