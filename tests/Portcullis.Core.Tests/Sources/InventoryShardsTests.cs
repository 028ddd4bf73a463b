using Portcullis.Core.Kinds;
using Portcullis.Core.Sources;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Sources;

public class InventoryShardsTests
{
    [Test]
    public void Ten_new_objects_among_thousands_write_one_shard()
    {
        var shards = InventoryShards.Add("root", [], Entries(0, 800));

        var written = InventoryShards.Add("root", shards, Entries(790, 20));

        Assert.Multiple(() =>
        {
            Assert.That(shards, Has.Count.EqualTo(1));
            Assert.That(written, Has.Count.EqualTo(1));
            Assert.That(written[0].Entries, Has.Count.EqualTo(810));
        });
    }

    [Test]
    public void A_full_shard_is_followed_by_another()
    {
        var shards = InventoryShards.Add("root", [], Entries(0, 2_400));

        Assert.That(shards.Select(s => (s.Name, s.Entries.Count)), Is.EqualTo(new[] { ("root-0", 1000), ("root-1", 1000), ("root-2", 400) }));
        Assert.That(InventoryShards.Add("root", shards, Entries(0, 2_400)), Is.Empty);
    }

    [Test]
    public void Removal_writes_only_the_shards_concerned()
    {
        var shards = InventoryShards.Add("root", [], Entries(0, 2_400));

        var written = InventoryShards.Remove(shards, Entries(2_200, 200).Select(e => e.Identity).ToHashSet());

        Assert.That(written.Select(s => (s.Name, s.Entries.Count)), Is.EqualTo(new[] { ("root-2", 200) }));
    }

    [Test]
    public void An_object_is_listed_once_by_the_version_it_is_applied_with_now()
    {
        var shards = InventoryShards.Add("root", [], Entries(0, 3));

        var written = InventoryShards.Add("root", shards, Entries(1, 1).Select(e => e with { ApiVersion = "v2" }));

        Assert.That(written.Single().Entries.Select(e => e.ToString()), Is.EqualTo(new[] { "v1|ConfigMap|ns|c00000", "v2|ConfigMap|ns|c00001", "v1|ConfigMap|ns|c00002" }));
    }

    [Test]
    public void An_entry_reads_back_as_it_was_written()
    {
        var entry = new InventoryEntry("apps/v1", new ObjectIdentity("apps", "Deployment", new ObjectKey("ns", "web")));

        Assert.Multiple(() =>
        {
            Assert.That(InventoryEntry.Parse(entry.ToString()), Is.EqualTo(entry));
            Assert.That(InventoryEntry.Parse("v1|Namespace||a")!.Value.Identity, Is.EqualTo(new ObjectIdentity("", "Namespace", ObjectKey.Cluster("a"))));
            Assert.That(InventoryEntry.Parse("nonsense"), Is.Null);
            Assert.That(InventoryEntry.Parse("v|K||a"), Is.Not.Null);
        });
    }

    [TestCase("|Namespace||a")]
    [TestCase("v1|||a")]
    [TestCase("v1|Namespace||")]
    [TestCase("v1|Namespace||a|b")]
    public void An_entry_without_a_version_kind_or_name_is_none(string text) => Assert.That(InventoryEntry.Parse(text), Is.Null);

    [Test]
    public void New_objects_are_listed_once_and_in_order()
    {
        var shards = InventoryShards.Add("root", [], Entries(0, 3).Reverse().Concat(Entries(1, 1)));

        Assert.That(shards.Single().Entries, Is.EqualTo(Entries(0, 3)));
    }

    [Test]
    public void A_shard_is_filled_to_its_limit_and_not_beyond()
    {
        var almost = InventoryShards.Add("root", [], Entries(0, 999));
        var full = InventoryShards.Add("root", almost, Entries(999, 1));
        var next = InventoryShards.Add("root", full, Entries(1000, 1));

        Assert.That(full.Select(s => (s.Name, s.Entries.Count)), Is.EqualTo(new[] { ("root-0", 1000) }));
        Assert.That(next.Select(s => (s.Name, s.Entries.Count)), Is.EqualTo(new[] { ("root-1", 1) }));
    }

    [Test]
    public void Removal_keeps_the_others()
    {
        var shards = InventoryShards.Add("root", [], Entries(0, 3));

        var written = InventoryShards.Remove(shards, Entries(1, 1).Select(e => e.Identity).ToHashSet());

        Assert.That(written.Single().Entries, Is.EqualTo(Entries(0, 1).Concat(Entries(2, 1))));
    }

    private static IEnumerable<InventoryEntry> Entries(int from, int count) => Enumerable.Range(from, count)
        .Select(i => new InventoryEntry("v1", new ObjectIdentity("", "ConfigMap", new ObjectKey("ns", $"c{i:00000}"))));
}
