using Portcullis.Core.Criteria;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Promotions;

/// <summary>What was decided about one tag of the source, and why.</summary>
/// <param name="Source">The tag as the ledger has it.</param>
/// <param name="Decision">The decision.</param>
/// <param name="Reason">Why: the criteria that are not met with what was found, or what is in the way; empty when there is nothing to add.</param>
public sealed record TagDecision(TagEntry Source, PromotionDecision Decision, string Reason)
{
    /// <summary>The tag in the target; null when that is not decided.</summary>
    public string? TargetTag { get; init; }

    /// <summary>When it was promoted, or is.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>What came of each criterion; null when they were not asked.</summary>
    public CriteriaVerdict? Criteria { get; init; }
}
