using Portcullis.Core.Repositories;
using Portcullis.Core.Webhooks;

namespace Portcullis.Core.Tests.Webhooks;

internal sealed class ClaimNoticesTests
{
    private const string List = "sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly RepositoryId Repository = new("dtr", "acme/shop");

    [TestCase("1.0", TagWrite.Push, WebhookEvent.TagPush)]
    [TestCase("1.0", TagWrite.Delete, WebhookEvent.TagDelete)]
    [TestCase(List + ".sig", TagWrite.Push, WebhookEvent.TagPush)]
    public void A_tag_that_was_written_is_news(string tag, TagWrite write, WebhookEvent expected) =>
        Assert.That(Notices(tag, write).First().Notice.Event, Is.EqualTo(expected));

    [TestCase(TagWrite.Push)]
    [TestCase(TagWrite.Delete)]
    public void A_list_of_referrers_is_none(TagWrite write) => Assert.That(Notices(List, write), Is.Empty);

    private static IEnumerable<(RepositoryId Repository, RepositoryNotice Notice)> Notices(string tag, TagWrite write) =>
        ClaimNotices.Of(Repository, "dtr.example.com", tag, new TagClaim { Id = "1", Write = write, Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", At = DateTimeOffset.UnixEpoch });
}
