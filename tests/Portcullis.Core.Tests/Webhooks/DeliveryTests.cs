using Portcullis.Core.Repositories;
using Portcullis.Core.Webhooks;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Webhooks;

internal sealed class DeliveryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_receiver_that_was_away_for_an_hour_is_tried_again_within_a_quarter_of_an_hour()
    {
        var (at, attempts) = (Now, 0);
        while (at < Now.AddHours(1))
        {
            at = DeliverySchedule.Next(++attempts, Now, at)!.Value;
        }

        Assert.That(at - Now.AddHours(1), Is.LessThanOrEqualTo(TimeSpan.FromMinutes(15)));
        Assert.That(attempts, Is.LessThan(20));
    }

    [Test]
    public void After_a_day_it_is_given_up() => Assert.Multiple(() =>
    {
        Assert.That(DeliverySchedule.Next(90, Now, Now.AddHours(24).AddSeconds(-1)), Is.EqualTo(Now.AddHours(24).AddSeconds(-1).AddMinutes(15)));
        Assert.That(DeliverySchedule.Next(90, Now, Now.AddHours(24)), Is.Null);
    });

    [TestCase(1, 5)]
    [TestCase(2, 10)]
    [TestCase(4, 40)]
    [TestCase(100, 900)]
    public void Pauses_grow_up_to_a_quarter_of_an_hour(int attempts, int seconds) =>
        Assert.That(DeliverySchedule.Next(attempts, Now, Now), Is.EqualTo(Now.AddSeconds(seconds)));

    /// <summary>The example of the Standard Webhooks specification's libraries.</summary>
    [Test]
    public void Signs_as_standard_webhooks_does() => Assert.That(
        WebhookSignature.Of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), "{\"test\": 2432232314}"),
        Is.EqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));

    [Test]
    public void A_promotion_triggers_a_pipeline_with_what_was_promoted_as_variables()
    {
        var notice = new RepositoryNotice.OfPromotion(Now, "dtr.example.com", "admin/flask_build", "flask", "66", "sha256:1") { TargetRepository = "admin/flask", TargetTag = "latest" };

        var form = GitLabTrigger.Form(WebhookEnvelope.Of(notice), "t0ken", "main");

        Assert.That(string.Join('\n', form.Select(f => $"{f.Key}={f.Value}")), Is.EqualTo("""
            token=t0ken
            ref=main
            variables[IMAGE_EVENT]=PROMOTION
            variables[IMAGE_DIGEST]=sha256:1
            variables[IMAGE_REPOSITORY]=admin/flask
            variables[IMAGE_TAG]=latest
            variables[SOURCE_REPOSITORY]=admin/flask_build
            variables[SOURCE_TAG]=66
            variables[PROMOTION_POLICY]=flask
            """));
    }

    [Test]
    public void A_promotion_is_told_in_the_fields_of_DTR()
    {
        var notice = new RepositoryNotice.OfPromotion(Now, "dtr.example.com", "admin/flask_build", "flask", "66", "sha256:1") { TargetRepository = "admin/flask", TargetTag = "latest" };

        Assert.That(WebhookEnvelope.Of(notice), Is.EqualTo(
            """{"type":"PROMOTION","createdAt":"2026-11-30T12:00:00.000Z","contents":{"promotionPolicyID":"flask","digest":"sha256:1","sourceRepository":"admin/flask_build","sourceTag":"66","targetRepository":"admin/flask","targetTag":"latest","promotedAt":"2026-11-30T12:00:00.000Z"},"location":"/repositories/admin/flask/tags/latest"}"""));
    }

    [Test]
    public void A_promotion_is_a_push_to_the_target_and_a_promotion_from_the_source()
    {
        var claim = new TagClaim
        {
            Id = "1", Write = TagWrite.Push, Digest = "sha256:1", At = Now, PromotedFrom = new PromotionOrigin { Policy = "flask", Repository = "admin/flask_build", Tag = "66" },
        };

        var notices = ClaimNotices.Of(new RepositoryId("dtr", "admin/flask"), "dtr.example.com", "latest", claim).ToList();

        Assert.That(notices.Select(n => $"{n.Repository.Name} {n.Notice.Event}"), Is.EqualTo(new[] { "admin/flask TagPush", "admin/flask_build Promotion" }));
        Assert.That(
            ClaimNotices.Of(new RepositoryId("dtr", "a/b"), "h", "t", claim with { PromotedFrom = null }).Select(n => n.Notice.Event),
            Is.EqualTo(new[] { WebhookEvent.TagPush, WebhookEvent.ManifestPush }));
        Assert.That(
            ClaimNotices.Of(new RepositoryId("dtr", "a/b"), "h", "t", claim with { Write = TagWrite.Delete }).Select(n => n.Notice.Event), Is.EqualTo(new[] { WebhookEvent.TagDelete }));
    }

    [Test]
    public void A_dead_letter_stays_until_somebody_asks_and_is_one_again_when_that_fails()
    {
        var delivery = new WebhookDelivery
        {
            Metadata = new ObjectMeta { Name = "x" },
            Spec = new WebhookDeliverySpec { Repository = "web", Webhook = "ci", Event = WebhookEvent.TagPush, Body = "{}", CreatedAt = Now.AddHours(-25) },
        };
        var dead = DeliveryJudge.Failed(delivery, "500", Now).Status;

        Assert.That((dead.State, dead.Attempts, dead.NextAttemptAt), Is.EqualTo((DeliveryState.DeadLetter, 1, (DateTimeOffset?)null)));
        Assert.That(DeliveryJudge.NotDue(delivery with { Status = dead }, isRequested: false, Now)?.Outcome, Is.InstanceOf<Outcome.Stalled>());
        Assert.That(DeliveryJudge.NotDue(delivery with { Status = dead }, isRequested: true, Now), Is.Null);
        Assert.That(DeliveryJudge.Failed(delivery with { Status = dead }, "500", Now).Status.Attempts, Is.EqualTo(2));
    }
}
