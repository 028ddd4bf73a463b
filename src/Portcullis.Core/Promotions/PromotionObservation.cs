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

    /// <summary>What is known of the images of the target that this policy promoted, by their digests.</summary>
    public IReadOnlyDictionary<string, ImageEvidence> PromotedEvidence { get; init; } = new Dictionary<string, ImageEvidence>(StringComparer.Ordinal);

    /// <summary>The other policies that promote to the same repository.</summary>
    public IReadOnlyList<PromotionPolicy> OthersToTarget { get; init; } = [];

    /// <summary>What is seen when both repositories are declared.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="source">The ledger of its source.</param>
    /// <param name="target">The ledger of its target.</param>
    /// <param name="rules">What is declared of its target.</param>
    /// <param name="policies">All policies, this one too.</param>
    /// <param name="now">By which exceptions from immutability are in force.</param>
    public static PromotionObservation Of(
        PromotionPolicy policy, IReadOnlyList<TagEntry> source, IReadOnlyList<TagEntry> target, RepositorySpec rules, IEnumerable<PromotionPolicy> policies, DateTimeOffset now) => new(policy)
    {
        Source = source,
        Target = target,
        ImmutableBy = tag => ImmutableTags.RuleFor(rules, tag, now),
        OthersToTarget =
        [
            .. policies
                .Where(p => p.Key != policy.Key && !p.Metadata.IsBeingDeleted && p.Spec.Registry == policy.Spec.Registry && p.Spec.Target.Repository == policy.Spec.Target.Repository)
                .OrderBy(p => p.Key),
        ],
    };

    /// <summary>What the policy names and nobody declares, or what is not ready; empty when the policy can work.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <summary>What is known of the image that a tag of the source names.</summary>
    internal ImageFacts FactsOf(TagEntry entry) => new()
    {
        Tag = entry.Tag,
        Digest = entry.Digest ?? "",
        UpdatedAt = entry.PushedAt,
        Evidence = Evidence.GetValueOrDefault(entry.Digest ?? "") ?? ImageEvidence.None,
    };
}
