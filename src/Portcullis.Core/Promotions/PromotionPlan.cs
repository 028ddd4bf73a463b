namespace Portcullis.Core.Promotions;

/// <summary>What to do for a policy, and what was decided about each tag of its source, in the order of their names.</summary>
public sealed record PromotionPlan(IReadOnlyList<PromotionAction> Actions, IReadOnlyList<TagDecision> Decisions)
{
    /// <summary>Images that were promoted and would not be now.</summary>
    public IReadOnlyList<PromotionRegression> Regressions { get; init; } = [];

    /// <summary>When time alone next changes a decision; null when it never does.</summary>
    public DateTimeOffset? NextChange { get; init; }

    /// <summary>The freeze window that is open; null when none is.</summary>
    public OpenWindow? Frozen { get; init; }
}
