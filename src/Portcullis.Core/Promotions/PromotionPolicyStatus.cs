using System.ComponentModel;

namespace Portcullis.Core.Promotions;

/// <summary>What the policy has promoted and what it holds back.</summary>
public sealed record PromotionPolicyStatus : DeclarableStatus
{
    [Description("Number of the source's tags whose present digest was promoted by this policy.")]
    public int? Promoted { get; init; }

    [Description("Number of the source's tags that do not meet every criterion.")]
    public int? HeldBack { get; init; }

    [Description("Number of tags that meet every criterion and wait for the end of a freeze window.")]
    public int? Frozen { get; init; }

    [Description("Number of tags that meet every criterion and cannot be promoted: the target's tag is immutable, written by another policy, or no legal tag.")]
    public int? Blocked { get; init; }

    [Description("Number of tags of the target that this policy promoted and would not promote now, because of what was found out since.")]
    public int? Regressed { get; init; }

    [Description("These tags with what they no longer meet; at most 20.")]
    [Items(20)]
    public IReadOnlyList<RegressedImage>? Regressions { get; init; }

    [Description("The last image that was promoted.")]
    public PromotionRecord? LastPromotion { get; init; }

    [Description("The latest decisions, newest first; at most 20. All of them: portcullis promotion explain REPOSITORY:TAG.")]
    [Items(20)]
    public IReadOnlyList<PromotionVerdict>? Decisions { get; init; }
}

/// <summary>An image that was promoted and would not be now.</summary>
public sealed record RegressedImage
{
    [Description("The target's tag.")]
    public required string Tag { get; init; }

    [Description("The image.")]
    public required string Digest { get; init; }

    [Description("The criteria that are not met any more, with what was found.")]
    public required string Reason { get; init; }
}

/// <summary>One image that was promoted.</summary>
public sealed record PromotionRecord
{
    [Description("Its tag in the source.")]
    public required string SourceTag { get; init; }

    [Description("Its tag in the target.")]
    public required string TargetTag { get; init; }

    [Description("The image.")]
    public required string Digest { get; init; }

    [Description("When.")]
    public required DateTimeOffset At { get; init; }
}

/// <summary>What was decided about one tag, and why.</summary>
public sealed record PromotionVerdict
{
    [Description("Its tag in the source.")]
    public required string Tag { get; init; }

    [Description("The image.")]
    public required string Digest { get; init; }

    [Description("Promoted, HeldBack, Frozen, Blocked (the target's tag is immutable, or the template gives no legal tag), Conflict (another policy wrote the same target), Superseded (a newer image has the target's tag) or Failed (it is tried again).")]
    public required string Decision { get; init; }

    [Description("The tag that the template gives it in the target.")]
    public string? TargetTag { get; init; }

    [Description("The criteria that are not met, with what was found; or what blocks it.")]
    public string? Reason { get; init; }

    [Description("When this was decided.")]
    public DateTimeOffset? At { get; init; }
}
