using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Scans;

[TestFixture]
internal sealed class ScanPlannerTests
{
    private static readonly RepositoryId Repository = new("dtr", "shop/web");

    [Test]
    public void Each_image_that_a_tag_names_is_scanned_once() =>
        Assert.That(Plan(new(), [Tag("1", "a"), Tag("latest", "a"), Tag("2", "b")], []), Is.EqualTo(new[] { "scan a", "scan b" }));

    [Test]
    public void The_images_of_an_index_are_scanned_too_and_those_of_an_index_in_it() => Assert.That(
        Plan(new(), [Tag("1", "index")], [Scan("index", "inner"), Scan("inner", "image")]), Is.EqualTo(new[] { "scan image" }));

    [Test]
    public void A_scan_whose_image_no_tag_leads_to_is_removed() =>
        Assert.That(Plan(new(), [Tag("1", "a")], [Scan("a"), Scan("index", "image"), Scan("image")]), Is.EqualTo(new[] { "remove the scan of image, which no tag names any more", "remove the scan of index, which no tag names any more" }));

    [Test]
    public void The_lists_of_what_refers_to_an_image_and_tags_without_an_image_are_not_scanned() =>
        Assert.That(Plan(new(), [Tag("sha256-" + new string('a', 64), "list"), new TagEntry { Tag = "new" }], []), Is.Empty);

    [Test]
    public void Without_scanOnPush_nothing_is_scanned_and_what_was_is_removed() =>
        Assert.That(Plan(new() { ScanOnPush = false }, [Tag("1", "a")], [Scan("a")]), Is.EqualTo(new[] { "remove the scan of a, which no tag names any more" }));

    [Test]
    public void An_index_that_lists_itself_by_way_of_another_ends() =>
        Assert.That(Plan(new(), [Tag("1", "a")], [Scan("a", "b"), Scan("b", "a")]), Is.Empty);

    private static IEnumerable<string> Plan(Rules rules, IReadOnlyList<TagEntry> entries, IReadOnlyList<ImageScan> scans) =>
        ScanPlanner.Plan(new RepositorySpec { Registry = "dtr", Name = "shop/web", ScanOnPush = rules.ScanOnPush }, entries, scans).Select(a => a.Describe());

    private static TagEntry Tag(string tag, string digest) => new() { Tag = tag, Digest = digest };

    private static ImageScan Scan(string digest, params string[] images) => new()
    {
        Metadata = new ObjectMeta { Name = ImageScanNames.Key(Repository, digest).Name },
        Spec = new ImageScanSpec { Registry = "dtr", Repository = "shop/web", Digest = digest },
        Status = new ImageScanStatus { Images = images.Length == 0 ? null : images },
    };

    private sealed record Rules
    {
        public bool? ScanOnPush { get; init; }
    }
}
