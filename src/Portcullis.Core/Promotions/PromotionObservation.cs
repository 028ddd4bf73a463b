using Portcullis.Core.Criteria;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Promotions;

/// <summary>Everything that a plan for one policy may look at.</summary>
public sealed record PromotionObservation(PromotionPolicy Policy)
{
    /// <summary>What the ledger says of the source's tags.</summary>
    public IReadOnlyList<TagEntry> Source { get; init; } = [];

    /// <summary>What it says of the target's.</summary>
    public IReadOnlyList<TagEntry> Target { get; init; } = [];

    /// <summary>Why a tag of the target may not be overwritten; null when it may.</summary>
    public Func<string, string?> ImmutableBy { get; init; } = _ => null;

    /// <summary>What is known of the images by their digests.</summary>
    public IReadOnlyDictionary<string, ImageEvidence> Evidence { get; init; } = new Dictionary<string, ImageEvidence>(StringComparer.Ordinal);

    /// <summary>The other policies that promote to the same repository.</summary>
    public IReadOnlyList<PromotionPolicy> OthersToTarget { get; init; } = [];

    /// <summary>What the policy names and nobody declares, or what is not ready; empty when the policy can work.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];
}
