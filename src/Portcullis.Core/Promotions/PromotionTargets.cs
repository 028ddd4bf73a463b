using Portcullis.Core.Repositories;

namespace Portcullis.Core.Promotions;

/// <summary>The tags of a policy's target: what they name, who wrote them, and what forbids to overwrite them.</summary>
internal sealed class PromotionTargets(PromotionObservation observed)
{
    private readonly Dictionary<string, TagEntry> _byTag = observed.Target.ToDictionary(e => e.Tag, StringComparer.Ordinal);

    /// <summary>What the tag names, or will as soon as its write is finished; null when there is no such tag.</summary>
    public string? DigestOf(string tag) => Held(tag)?.Digest;

    /// <summary>Whether this policy wrote the tag from the candidate's tag: what is left of it is finished also when a newer one has come since.</summary>
    public bool IsFrom(PromotionCandidate candidate) =>
        Held(candidate.Promotion.TargetTag)?.From is { } from && IsOurs(from) && from.Tag == candidate.Source.Tag;

    /// <summary>Why the candidate may not be written to its tag; null when it may.</summary>
    public (PromotionDecision Decision, string Reason)? InTheWay(PromotionCandidate candidate)
    {
        var tag = candidate.Promotion.TargetTag;
        if (Held(tag) is not { } held)
        {
            return null;
        }

        var target = $"{observed.Policy.Spec.Target.Repository}:{tag}";
        if (held.From is { } from && IsNewer(from, candidate))
        {
            return (PromotionDecision.Superseded, $"{target} was promoted from {from.Tag}, which is newer");
        }

        if (held.From is { } other && other.Policy != observed.Policy.Key.Name && observed.OthersToTarget.Any(p => p.Key.Name == other.Policy && CouldGive(p, tag)))
        {
            return (PromotionDecision.Conflict, $"the PromotionPolicy {other.Policy} wrote {held.Digest} to {target}: change the template or the criteria of one of the two");
        }

        return observed.ImmutableBy(tag) is { } rule ? (PromotionDecision.Blocked, $"{target} is immutable ({rule}) and names {held.Digest}") : null;
    }

    /// <summary>Whether the target's tag has an image of this policy that was pushed to the source later than the candidate.</summary>
    private bool IsNewer(PromotionOrigin from, PromotionCandidate candidate) =>
        IsOurs(from)
        && from.PushedAt is { } pushedAt
        && new PushOrder(pushedAt, from.Tag).CompareTo(candidate.Age) > 0;

    private bool IsOurs(PromotionOrigin from) => from.Policy == observed.Policy.Key.Name && from.Repository == observed.Policy.Spec.Source.Repository;

    private static bool CouldGive(PromotionPolicy policy, string tag) =>
        !TagTemplate.IsFixed(policy.Spec.Target.Template) || policy.Spec.Target.Template == tag;

    private (string Digest, PromotionOrigin? From)? Held(string tag) => _byTag.GetValueOrDefault(tag) switch
    {
        { Claim: { Write: TagWrite.Push } claim } => (claim.Digest, claim.PromotedFrom),
        { Claim: null, Digest: { } digest } entry => (digest, entry.PromotedFrom),
        _ => null,
    };
}
