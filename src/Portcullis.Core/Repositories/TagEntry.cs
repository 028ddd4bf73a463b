using System.ComponentModel;
using System.Text.Json.Serialization;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Repositories;

/// <summary>What is known of one tag.</summary>
public sealed record TagEntry
{
    [Description("The tag.")]
    public required string Tag { get; init; }

    [Description("What the tag names in the registry; none while its first push is not finished.")]
    public string? Digest { get; init; }

    [Description("The media type of the manifest.")]
    public string? MediaType { get; init; }

    [Description("What the tag named before. A write of it that was held up may still arrive at the registry; then the tag is written again.")]
    public string? PreviousDigest { get; init; }

    [Description("Who pushed the image; a promoted image keeps its author. None when it was pushed past the gateway.")]
    public string? Author { get; init; }

    [Description("When the tag was last pushed or promoted; for one that was pushed past the gateway, when it was found.")]
    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? PushedAt { get; init; }

    [Description("Where it was promoted from; empty for a push.")]
    public PromotionOrigin? PromotedFrom { get; init; }

    [Description("True when polling found the digest in the registry and no push of it is on record.")]
    public bool? PushedPastGateway { get; init; }

    [Description("A write that has begun. Whoever finds it finishes it before writing anything else to the tag.")]
    public TagClaim? Claim { get; init; }

    [Description("Promotions of this tag that were decided, one for each policy.")]
    public IReadOnlyList<TagPromotion>? Promotions { get; init; }
}

/// <summary>Where a promoted image came from.</summary>
public sealed record PromotionOrigin
{
    [Description("The PromotionPolicy.")]
    public required string Policy { get; init; }

    [Description("The repository that it was promoted from.")]
    public required string Repository { get; init; }

    [Description("The tag that it had there.")]
    public required string Tag { get; init; }

    [Description("When the image was pushed to that tag.")]
    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? PushedAt { get; init; }
}

/// <summary>What a claim is for.</summary>
public enum TagWrite
{
    Push,
    Delete,

    /// <summary>The tag is made to name once more what its entry says, or nothing: a write that was held up, or a registry that was killed, has changed it since.</summary>
    Restore,
}

/// <summary>
/// A write that was claimed and not yet recorded as done. Its manifest is already in the registry under its digest, so that anybody can finish
/// it: no claim has to be given up after some time.
/// </summary>
public sealed record TagClaim
{
    [Description("Unique for each write.")]
    public required string Id { get; init; }

    [Description("Push, Delete, or Restore of what the entry says.")]
    public required TagWrite Write { get; init; }

    [Description("What the tag will name; for a deletion, what it names until then; to restore it, what it may name by mistake.")]
    public required string Digest { get; init; }

    [Description("The media type of the manifest.")]
    public string? MediaType { get; init; }

    [Description("On whose request.")]
    public string? Author { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    [Description("When the write began.")]
    public required DateTimeOffset At { get; init; }

    [Description("Where it was promoted from; empty for a push.")]
    public PromotionOrigin? PromotedFrom { get; init; }
}

/// <summary>
/// A promotion that was decided: recorded before anything is copied, so that its time, and with it the target's tag, stays the same however
/// often the copy is begun.
/// </summary>
public sealed record TagPromotion
{
    [Description("The PromotionPolicy.")]
    public required string Policy { get; init; }

    [Description("The generation of the policy that decided it.")]
    public required long Generation { get; init; }

    [Description("The image.")]
    public required string Digest { get; init; }

    [Description("The target's tag, as the policy's template gave it at this time.")]
    public required string TargetTag { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    [Description("When.")]
    public required DateTimeOffset At { get; init; }

    [Description("Whether the target has been written and everything about it is recorded.")]
    public bool? Done { get; init; }

    [Description("The list of what was attached to the image in the source, as it was when it was last copied to the target.")]
    public string? Attached { get; init; }
}
