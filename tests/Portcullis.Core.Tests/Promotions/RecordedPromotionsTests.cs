using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Promotions;

internal sealed class RecordedPromotionsTests
{
    private static readonly DateTimeOffset Made = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly PromotionPolicy Policy = new()
    {
        Metadata = new ObjectMeta { Name = "mine", Generation = 2, CreationTimestamp = Made },
        Spec = new PromotionPolicySpec { Registry = "dtr", Source = new PromotionSource { Repository = "a/a" }, Target = new PromotionTarget { Repository = "a/b" } },
    };

    private static readonly TagPromotion Decision = new() { Policy = "mine", Generation = 2, Digest = "sha256:1", TargetTag = "v1", At = Made.AddDays(1) };

    private static readonly TagEntry Entry = new() { Tag = "1", Digest = "sha256:1" };

    [Test]
    public void A_decision_is_recorded_beside_those_of_other_policies_in_the_order_of_their_names()
    {
        var entry = Entry with { Promotions = [Decision with { Policy = "a" }, Decision with { Generation = 1 }, Decision with { Policy = "z" }] };
        var recorded = RecordedPromotions.Recorded(entry, Policy, Decision)!;
        Assert.That(recorded.Promotions!.Select(p => $"{p.Policy} {p.Generation}"), Is.EqualTo(new[] { "a 2", "mine 2", "z 2" }));
        Assert.That(RecordedPromotions.Recorded(Entry, Policy, Decision)!.Promotions, Is.EqualTo(new[] { Decision }));
    }

    [Test]
    public void The_decision_that_is_there_holds()
    {
        var first = Entry with { Promotions = [Decision with { TargetTag = "first" }] };
        Assert.That(RecordedPromotions.Recorded(first, Policy, Decision), Is.SameAs(first));
    }

    [Test]
    public void Nothing_is_recorded_about_a_tag_that_has_changed_since()
    {
        Assert.That(RecordedPromotions.Recorded(null, Policy, Decision), Is.Null);
        Assert.That(RecordedPromotions.Recorded(Entry with { Digest = "sha256:2" }, Policy, Decision), Is.Null);
        Assert.That(RecordedPromotions.Recorded(Entry with { Claim = new TagClaim { Id = "1", Write = TagWrite.Push, Digest = "sha256:1", At = Made } }, Policy, Decision), Is.Null);
    }

    [Test]
    public void A_decision_counts_from_the_moment_on_when_the_policy_was_made()
    {
        Assert.That(RecordedPromotions.Find(Entry with { Promotions = [Decision with { At = Made }] }, Policy), Is.Not.Null);
        Assert.That(RecordedPromotions.Find(Entry with { Promotions = [Decision with { At = Made.AddTicks(-1) }] }, Policy), Is.Null);
        Assert.That(RecordedPromotions.Find(Entry with { Promotions = [Decision with { Digest = "sha256:2" }] }, Policy), Is.Null);
        Assert.That(RecordedPromotions.Find(Entry with { Promotions = [Decision with { Policy = "other" }] }, Policy), Is.Null);
    }

    [Test]
    public void Done_is_marked_on_the_decision_that_was_carried_out_and_once()
    {
        var recorded = Entry with { Promotions = [Decision with { Policy = "a" }, Decision] };
        var done = RecordedPromotions.Done(recorded, Policy, Decision, null)!;
        Assert.That(done.Promotions!.Select(p => $"{p.Policy} {p.Done} {p.TargetTag}"), Is.EqualTo(new[] { "a  v1", "mine True v1" }));
        Assert.That(RecordedPromotions.Done(done, Policy, Decision, null), Is.SameAs(done));
        Assert.That(RecordedPromotions.Done(Entry, Policy, Decision, null), Is.SameAs(Entry));
        Assert.That(RecordedPromotions.Done(null, Policy, Decision, null), Is.Null);
        Assert.That(RecordedPromotions.Done(recorded, Policy, Decision with { Digest = "sha256:2" }, null), Is.SameAs(recorded));
    }
}
