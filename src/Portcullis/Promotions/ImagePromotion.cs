using Portcullis.Actions;
using Portcullis.Clients.Registry;
using Portcullis.Clients.Registry.Copying;
using Portcullis.Core;
using Portcullis.Core.Criteria;
using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Registries;
using Portcullis.Repositories.Ledger;
using Portcullis.Repositories.Writes;

namespace Portcullis.Promotions;

/// <summary>
/// Promotes one image, in this order: the decision in the source's ledger, blobs and manifests, the target's tag; then the decision record and the mark
/// that it is done. Whoever comes after a crash does the same again, with the time that was recorded, and finds done what was done.
/// </summary>
internal sealed class ImagePromotion(TagLedgers ledgers, ITagWrites writes, RegistryConnections connections, PromotionRecords records)
{
    public Task DecideAsync(PromotionPolicy policy, PromotionAction action, CancellationToken cancellationToken) => RecordAsync(policy, action, cancellationToken);

    /// <summary>Null when all of it was done before.</summary>
    public async Task<PromotedImage?> PromoteAsync(PromotionPolicy policy, PromotionAction.Promote action, CancellationToken cancellationToken)
    {
        var recorded = await RecordAsync(policy, action, cancellationToken);
        if (recorded.Done == true)
        {
            return null;
        }

        var decided = action with { Promotion = recorded };
        var registry = await connections.GetAsync(action.Source.Registry, cancellationToken);
        return new PromotedImage(decided, await ThereAsync(registry, decided, cancellationToken) ?? await CopyAsync(registry, new PromotedTags(writes, decided), decided, cancellationToken));
    }

    /// <summary>Writes the decision record, and marks the promotion as done.</summary>
    public async Task DocumentAsync(PromotionPolicy policy, PromotedImage promoted, ImageEvidence evidence, CancellationToken cancellationToken)
    {
        var action = promoted.Action;
        var registry = await connections.GetAsync(action.Source.Registry, cancellationToken);
        await records.WriteAsync(registry, action, promoted.Image, PromotionEvidence.Of(policy, action, evidence), cancellationToken);
        await ledgers.UpdateAsync(action.Source, action.Entry.Tag, e => RecordedPromotions.Done(e, policy, action.Promotion, action.Attached), cancellationToken);
    }

    /// <summary>Copies what was attached to an image since it was promoted. The operator's own reports stay: each repository has its own.</summary>
    public async Task AccompanyAsync(PromotionPolicy policy, PromotionAction.Accompany action, CancellationToken cancellationToken)
    {
        var registry = await connections.GetAsync(action.Source.Registry, cancellationToken);
        await new ImageCopy(registry, new ReferrerTags(writes, action.Target.Registry))
            .CopyReferrersAsync(action.Source.Name, action.Target.Name, action.Promotion.Digest, IsCarried, cancellationToken);
        await ledgers.UpdateAsync(action.Source, action.Entry.Tag, e => RecordedPromotions.Accompanied(e, policy, action.Promotion, action.Attached), cancellationToken);
    }

    private static bool IsCarried(ImageDescriptor referrer) =>
        referrer.ArtifactType == PromotionEvidence.ArtifactType || referrer.ArtifactType?.StartsWith(WellKnown.ArtifactTypes, StringComparison.OrdinalIgnoreCase) != true;

    /// <summary>The decision that holds: the one that is recorded already, whoever recorded it.</summary>
    private async Task<TagPromotion> RecordAsync(PromotionPolicy policy, PromotionAction action, CancellationToken cancellationToken)
    {
        TagEntry? recorded = null;
        await ledgers.UpdateAsync(action.Source, action.Entry.Tag, e => (recorded = RecordedPromotions.Recorded(e, policy, action.Promotion)) ?? e, cancellationToken);
        return (recorded is null ? null : RecordedPromotions.Find(recorded, policy))
            ?? throw new ActionFailedException(PromotionReasons.SourceChanged, $"{action.Id} was written or deleted since it was judged: it is judged again");
    }

    /// <summary>The image, when the target's tag names it already; else null. One request.</summary>
    private static async Task<ImageDescriptor?> ThereAsync(RegistryClient registry, PromotionAction.Promote action, CancellationToken cancellationToken)
    {
        if (!action.IsThere)
        {
            return null;
        }

        var head = await registry.Manifests.HeadAsync(action.Target.Name, action.Promotion.TargetTag, cancellationToken);
        return head is { MediaType: { } type, Size: { } size } && head.Digest == action.Promotion.Digest
            ? new ImageDescriptor { MediaType = type, Digest = action.Promotion.Digest, Size = size }
            : null;
    }

    private static async Task<ImageDescriptor> CopyAsync(RegistryClient registry, PromotedTags tags, PromotionAction.Promote action, CancellationToken cancellationToken)
    {
        var request = new CopyRequest
        {
            SourceRepository = action.Source.Name,
            SourceReference = action.Promotion.Digest,
            TargetRepository = action.Target.Name,
            TargetTag = action.Promotion.TargetTag,
            TargetDiffers = true,
            WithReferrers = true,
        };
        _ = await new ImageCopy(registry, tags).CopyAsync(request, cancellationToken);
        return tags.Image ?? throw new ActionFailedException(PromotionReasons.SourceMissing, $"the registry has no image {action.Source.Name}@{action.Promotion.Digest}, which its ledger names");
    }
}
