using Portcullis.Core.Kinds;

namespace Portcullis.Core.Sources;

/// <summary>An object and the apiVersion it was last applied with: one line of the inventory.</summary>
public readonly record struct InventoryEntry(string ApiVersion, ObjectIdentity Identity)
{
    /// <summary><c>apiVersion|kind|namespace|name</c>; none of the parts can hold a bar.</summary>
    public override string ToString() => $"{ApiVersion}|{Identity.Kind}|{Identity.Key.Namespace}|{Identity.Key.Name}";

    /// <summary>The entry, or null when the text is none.</summary>
    public static InventoryEntry? Parse(string text)
    {
        var parts = text.Split('|');
        return parts.Length == 4 && parts[0].Length > 0 && parts[1].Length > 0 && parts[3].Length > 0
            ? new InventoryEntry(parts[0], ObjectIdentity.Of(parts[0], parts[1], new ObjectKey(parts[2], parts[3])))
            : null;
    }
}

/// <summary>One shard as it is stored.</summary>
public sealed record InventoryShard(string Name, IReadOnlyList<InventoryEntry> Entries);

/// <summary>
/// How an inventory is spread over objects: new entries fill the last shard with room, so that a small change writes one shard,
/// however large the inventory is. A shard of 1,000 entries is some 80 KB: quick to
/// write, and well below etcd's 1.5 MiB.
/// </summary>
public static class InventoryShards
{
    public const int ShardLimit = 1000;

    public static string NameOf(string source, int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{source}-{number}");

    /// <summary>
    /// The shards to write so that every entry of <paramref name="added"/> is listed; known objects are not listed twice, but with the
    /// apiVersion that they are applied with now.
    /// </summary>
    public static IReadOnlyList<InventoryShard> Add(string source, IReadOnlyList<InventoryShard> shards, IEnumerable<InventoryEntry> added)
    {
        var wanted = added.DistinctBy(e => e.Identity).ToDictionary(e => e.Identity);
        var known = shards.SelectMany(s => s.Entries).Select(e => e.Identity).ToHashSet();
        var waiting = new Queue<InventoryEntry>(wanted.Values.Where(e => !known.Contains(e.Identity)).OrderBy(e => e.Identity));
        var written = new List<InventoryShard>();
        foreach (var shard in shards)
        {
            var room = Math.Clamp(ShardLimit - shard.Entries.Count, 0, waiting.Count);
            var present = shard.Entries.Select(e => wanted.TryGetValue(e.Identity, out var now) ? now : e).ToList();
            if (room > 0 || !present.SequenceEqual(shard.Entries))
            {
                written.Add(shard with { Entries = [.. present, .. Take(waiting, room)] });
            }
        }

        var names = shards.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        for (var number = 0; waiting.Count > 0; number++)
        {
            var name = NameOf(source, number);
            if (names.Add(name))
            {
                written.Add(new InventoryShard(name, [.. Take(waiting, Math.Min(ShardLimit, waiting.Count))]));
            }
        }

        return written;
    }

    /// <summary>The shards to write so that no entry of <paramref name="gone"/> is listed. One that comes out empty is to be deleted.</summary>
    public static IReadOnlyList<InventoryShard> Remove(IReadOnlyList<InventoryShard> shards, IReadOnlySet<ObjectIdentity> gone) =>
    [
        .. shards.Where(s => s.Entries.Any(e => gone.Contains(e.Identity)))
            .Select(s => s with { Entries = [.. s.Entries.Where(e => !gone.Contains(e.Identity))] }),
    ];

    private static List<InventoryEntry> Take(Queue<InventoryEntry> queue, int count)
    {
        var taken = new List<InventoryEntry>(count);
        while (taken.Count < count)
        {
            taken.Add(queue.Dequeue());
        }

        return taken;
    }
}
