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
        });
    }

    private static IEnumerable<InventoryEntry> Entries(int from, int count) => Enumerable.Range(from, count)
        .Select(i => new InventoryEntry("v1", new ObjectIdentity("", "ConfigMap", new ObjectKey("ns", $"c{i:00000}"))));
}
