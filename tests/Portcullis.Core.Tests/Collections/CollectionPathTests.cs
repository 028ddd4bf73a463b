using Portcullis.Core.Collections;

namespace Portcullis.Core.Tests.Collections;

internal sealed class CollectionPathTests
{
    [Test]
    public void The_tree_label_holds_the_whole_path_last_segment_first() =>
        Assert.That(CollectionPath.TreeLabel("/production/mobile"), Is.EqualTo("mobile.production.tree.portcullis.dev/depth"));

    [Test]
    public void Every_label_fits_and_no_two_paths_share_one()
    {
        var random = new Random(7);
        string Segment() => new([.. Enumerable.Range(0, random.Next(1, 64)).Select(_ => "abc"[random.Next(3)])]);
        var paths = Enumerable.Range(0, 2000).Select(_ => "/" + string.Join('/', Enumerable.Range(0, random.Next(1, 11)).Select(_ => Segment()))).ToHashSet();
        var labels = paths.Select(CollectionPath.TreeLabel).ToList();
        Assert.That(labels, Is.Unique);
        Assert.That(labels.Max(l => l.IndexOf('/', StringComparison.Ordinal)), Is.LessThanOrEqualTo(253));
        Assert.That(labels, Has.All.Matches<string>(l => CollectionPath.IsTreeLabel(l!)));
        Assert.That(labels.Count(l => l.EndsWith(CollectionPath.LongTreeSuffix, StringComparison.Ordinal)), Is.GreaterThan(100));
    }

    [Test]
    public void A_name_that_begins_like_another_is_not_below_it()
    {
        Assert.That(CollectionPath.IsWithin("/prod-eu/a", "/prod"), Is.False);
        Assert.That(CollectionPath.IsWithin("/prod/a", "/prod"), Is.True);
    }

    [TestCase(233, true)]
    [TestCase(234, false)]
    public void A_prefix_of_253_characters_still_holds_the_whole_path(int length, bool whole)
    {
        var path = "/" + string.Join('/', new string('a', 63), new string('b', 63), new string('c', 63), new string('d', length - 192));
        var label = CollectionPath.TreeLabel(path);
        Assert.That(label.EndsWith(CollectionPath.TreeSuffix, StringComparison.Ordinal), Is.EqualTo(whole));
        Assert.That(label[..label.IndexOf('/', StringComparison.Ordinal)], whole ? Has.Length.EqualTo(253) : Has.Length.LessThan(253));
    }

    [Test]
    public void A_path_that_does_not_fit_is_named_by_its_last_segment_and_a_hash_that_never_changes() =>
        Assert.That(
            CollectionPath.TreeLabel("/" + string.Join('/', Enumerable.Repeat(new string('a', 60), 5)) + "/mobile"),
            Is.EqualTo("mobile.5b8baa47a064f847cdd5997ea2a37812e255328fc8271659b8f98d166bad.longtree.portcullis.dev/depth"));

    [TestCase("/a", 1, null)]
    [TestCase("/a/b", 2, "/a")]
    [TestCase("/a/b/c", 3, "/a/b")]
    public void A_path_has_a_depth_and_a_parent(string path, int depth, string? parent)
    {
        Assert.That(CollectionPath.Depth(path), Is.EqualTo(depth));
        Assert.That(CollectionPath.Parent(path), Is.EqualTo(parent));
    }
}
