using Portcullis.Core.Registries;

namespace Portcullis.Core.Repositories;

/// <summary>The entries of a shard as a list in ordinal order of the tags.</summary>
public static class TagEntries
{
    /// <summary>Whether it is a tag as people count them: it names something, and that is not the list of what refers to an image.</summary>
    public static bool IsImage(TagEntry entry) => entry.Digest is not null && !TagName.IsReferrersFallback(entry.Tag);

    public static TagEntry? Find(IReadOnlyList<TagEntry> entries, string tag) => IndexOf(entries, tag) is >= 0 and var index ? entries[index] : null;

    /// <summary>The list with this tag's entry replaced, added, or (null) removed.</summary>
    public static IReadOnlyList<TagEntry> With(IReadOnlyList<TagEntry> entries, string tag, TagEntry? entry)
    {
        var index = IndexOf(entries, tag);
        var result = entries.ToList();
        if (index >= 0)
        {
            result.RemoveAt(index);
        }

        if (entry is not null)
        {
            result.Insert(index < 0 ? ~index : index, entry);
        }

        return result;
    }

    /// <summary>
    /// The entry once its claim is finished; null when that was a deletion. A new image has a new history: what policies decided about the one before is
    /// no longer of interest.
    /// </summary>
    public static TagEntry? Finished(TagEntry entry) => entry.Claim switch
    {
        null => entry,
        { Write: TagWrite.Delete } => null,
        { Write: TagWrite.Restore } => Abandoned(entry),
        { } claim => new TagEntry
        {
            Tag = entry.Tag,
            Digest = claim.Digest,
            MediaType = claim.MediaType,
            PreviousDigest = entry.Digest == claim.Digest ? entry.PreviousDigest : entry.Digest,
            Author = claim.Author,
            PushedAt = claim.At,
            PromotedFrom = claim.PromotedFrom,
        },
    };

    /// <summary>The entry without its claim, of which it is known that it will have no effect; null when nothing is left.</summary>
    public static TagEntry? Abandoned(TagEntry entry) => entry.Digest is null ? null : entry with { Claim = null };

    /// <summary>The entry with a claim to make the tag name what the entry says, or nothing. An open claim does that too.</summary>
    /// <param name="entry">The entry; null for none.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="id">Of the claim.</param>
    /// <param name="late">The write that has changed the tag although it was over.</param>
    public static TagEntry? Restoring(TagEntry? entry, string tag, string id, TagClaim late) => Restoring(entry, tag, id, late.Digest, late.At);

    /// <summary>The same for a tag that names <paramref name="digest"/>, or cannot be read.</summary>
    public static TagEntry? Restoring(TagEntry? entry, string tag, string id, string digest, DateTimeOffset at) => entry is { Claim: not null } ? entry
        : (entry ?? new TagEntry { Tag = tag }) with { Claim = new TagClaim { Id = id, Write = TagWrite.Restore, Digest = digest, At = at } };

    /// <summary>What polling found: a tag that names another image than the ledger knows of.</summary>
    public static TagEntry Found(TagEntry? before, string tag, string digest, string? mediaType, DateTimeOffset now) => before?.Digest == digest ? before : new TagEntry
    {
        Tag = tag,
        Digest = digest,
        MediaType = mediaType,
        PushedAt = now,
        PushedPastGateway = true,
    };

    private static int IndexOf(IReadOnlyList<TagEntry> entries, string tag)
    {
        var (low, high) = (0, entries.Count - 1);
        while (low <= high)
        {
            var middle = low + ((high - low) / 2);
            var order = string.CompareOrdinal(entries[middle].Tag, tag);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }
}
