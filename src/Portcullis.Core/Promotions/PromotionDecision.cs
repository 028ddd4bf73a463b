namespace Portcullis.Core.Promotions;

/// <summary>What a policy decides about a tag of its source.</summary>
public enum PromotionDecision
{
    /// <summary>The present digest of the tag was promoted by this policy as it is now.</summary>
    Promoted,

    /// <summary>It meets every criterion and is promoted now.</summary>
    Promotes,

    /// <summary>It does not meet every criterion, or that is not known.</summary>
    HeldBack,

    /// <summary>It meets every criterion and waits for the end of a freeze window.</summary>
    Frozen,

    /// <summary>It meets every criterion, and the target's tag cannot be written: it is immutable with another digest, or no legal tag.</summary>
    Blocked,

    /// <summary>Another policy wrote another digest to the target's tag.</summary>
    Conflict,

    /// <summary>A newer image has, or gets, the same tag in the target.</summary>
    Superseded,

    /// <summary>The policy does not look at it.</summary>
    Skipped,
}
