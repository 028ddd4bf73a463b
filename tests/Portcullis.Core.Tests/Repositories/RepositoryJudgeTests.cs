using Portcullis.Core.Repositories;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Repositories;

/// <summary>What the status of a repository says of its ledger.</summary>
internal sealed class RepositoryJudgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly Repository Declared = new() { Metadata = new ObjectMeta { Name = "flask" }, Spec = new RepositorySpec { Registry = "dtr", Name = "admin/flask" } };

    [Test]
    public void A_promotion_is_a_push_to_its_target()
    {
        var promoted = Entry("latest", Now) with { Author = "ann", PromotedFrom = new PromotionOrigin { Policy = "flask-latest", Repository = "admin/flask_build", Tag = "66" } };
        var status = Status(Entry("66", Now.AddHours(-1)) with { Author = "ann" }, promoted);
        Assert.That((status.LastPush!.Tag, status.LastPush.By), Is.EqualTo(("latest", "flask-latest")));
        Assert.That(Status(promoted).LastPush, Is.Not.Null, "the push whose tag a promotion has overwritten is no longer known");
        Assert.That(Status(Entry("66", Now)).LastPromotion, Is.Null);
    }

    [Test]
    public void Lists_of_referrers_and_pushes_that_are_not_finished_are_no_tags()
    {
        TagEntry[] entries = [Entry("66", Now), Entry($"sha256-{new string('a', 64)}", Now), new TagEntry { Tag = "67" }];
        Assert.That(Status(entries).Tags, Is.EqualTo(1));
        Assert.That(entries.Count(TagEntries.IsImage), Is.EqualTo(1), "the Registry counts the same");
    }

    private static RepositoryStatus Status(params TagEntry[] entries) =>
        RepositoryJudge.Judge(Declared, new RepositoryReadBack("localhost:5443", entries) { NextPoll = TimeSpan.FromMinutes(5) }, [], Now).Status;

    private static TagEntry Entry(string tag, DateTimeOffset at) => new() { Tag = tag, Digest = $"sha256:{tag}", PushedAt = at };
}
