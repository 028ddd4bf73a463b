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
}
