using Portcullis.Core.Repositories;

namespace Portcullis.Core.Promotions;

/// <summary>What the ledger of the source says of the promotions of a tag.</summary>
public static class RecordedPromotions
{
    /// <summary>
    /// What was decided by the policy, as it is now, about the present digest; null when nothing was. What a policy of the same name decided that was
    /// deleted before this one was made does not count.
    /// </summary>
    public static TagPromotion? Find(TagEntry entry, PromotionPolicy policy) => (entry.Promotions ?? []).FirstOrDefault(p =>
        p.Policy == policy.Key.Name
        && p.Generation == (policy.Metadata.Generation ?? 0)
        && p.Digest == entry.Digest
        && !(p.At < policy.Metadata.CreationTimestamp));

    /// <summary>Whether the policy promoted the present digest under an earlier generation. It stays so until the policy, as it is now, decides about the digest.</summary>
    public static bool IsPromotedBefore(TagEntry entry, PromotionPolicy policy) => (entry.Promotions ?? []).Any(p =>
        p is { Done: true }
        && p.Policy == policy.Key.Name
        && p.Generation < (policy.Metadata.Generation ?? 0)
        && p.Digest == entry.Digest
        && !(p.At < policy.Metadata.CreationTimestamp));

    /// <summary>The entry with this decision in place of the policy's former one.</summary>
    public static TagEntry With(TagEntry entry, TagPromotion promotion) => entry with
    {
        Promotions = [.. (entry.Promotions ?? []).Where(p => p.Policy != promotion.Policy).Append(promotion).OrderBy(p => p.Policy, StringComparer.Ordinal)],
    };

    /// <summary>
    /// The entry with the decision recorded: the entry itself when it has one about the same digest, which then holds; null when the tag has changed
    /// since, so that the decision is about nothing that is there.
    /// </summary>
    public static TagEntry? Recorded(TagEntry? entry, PromotionPolicy policy, TagPromotion promotion) => entry switch
    {
        null or { Claim: not null } => null,
        _ when entry.Digest != promotion.Digest => null,
        _ when Find(entry, policy) is not null => entry,
        _ => With(entry, promotion),
    };

    /// <summary>The entry with what was copied along with the image; the same entry when it has another decision by now.</summary>
    public static TagEntry? Accompanied(TagEntry? entry, PromotionPolicy policy, TagPromotion promotion, string attached) =>
        entry is not null && Find(entry, policy) is { Done: true } recorded && recorded.Digest == promotion.Digest ? With(entry, recorded with { Attached = attached }) : entry;

    /// <summary>The entry with the decision marked as done; the same entry when it has another decision by now.</summary>
    public static TagEntry? Done(TagEntry? entry, PromotionPolicy policy, TagPromotion promotion, string? attached) =>
        entry is not null && Find(entry, policy) is { Done: not true } recorded && recorded.Digest == promotion.Digest
            ? With(entry, recorded with { Done = true, Attached = attached })
            : entry;
}
