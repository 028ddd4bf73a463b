using Portcullis.Core.Repositories;

namespace Portcullis.Core.Tests.Repositories;

/// <summary>What a writer concludes when somebody else has ended his claim.</summary>
public class PushAfterOtherTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly TagClaim Claim = new() { Id = "1", Write = TagWrite.Push, Digest = "sha256:mine", At = Noon };

    private static readonly TagEntry Before = new() { Tag = "t", Digest = "sha256:before", PushedAt = Noon.AddHours(-1) };

    [Test]
    public void A_claim_that_somebody_finished_is_written() =>
        Assert.That(After(Before, Before with { Digest = "sha256:mine", PushedAt = Noon }), Is.InstanceOf<TagWriteDecision.Overtaken>());

    [Test]
    public void A_tag_that_was_written_again_since_stays_as_it_is() =>
        Assert.That(After(Before, Before with { Digest = "sha256:next", PushedAt = Noon.AddHours(1) }), Is.InstanceOf<TagWriteDecision.Overtaken>());

    [Test]
    public void A_tag_that_names_what_it_named_before_was_not_written() =>
        Assert.That(After(Before, Before), Is.InstanceOf<TagWriteDecision.Unclear>());

    [Test]
    public void A_tag_that_is_not_there_was_withdrawn_or_deleted() =>
        Assert.That(After(new TagEntry { Tag = "t" }, null), Is.InstanceOf<TagWriteDecision.Unclear>());

    [Test]
    public void An_immutable_tag_that_another_image_got_instead_refuses_this_one() =>
        Assert.That(After(new TagEntry { Tag = "t" }, Before, immutableBy: "t*"), Is.InstanceOf<TagWriteDecision.Refuse>());

    private static TagWriteDecision After(TagEntry before, TagEntry? now, string? immutableBy = null) =>
        TagWriteDecision.AfterOther(before with { Claim = Claim }, now, TagWriteDecision.ToPush(now, "t", Claim, immutableBy));
}
