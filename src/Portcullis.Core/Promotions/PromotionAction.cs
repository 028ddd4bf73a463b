using Portcullis.Core.Criteria;
using Portcullis.Core.Repositories;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Promotions;

/// <summary>One image of a policy's source, and what is done with it. One action a tag: what follows the record of a decision stops at its first failure.</summary>
public abstract record PromotionAction(RepositoryId Source, TagEntry Entry, TagPromotion Promotion) : PlannedAction
{
    public override string Id => $"{Source.Name}:{Entry.Tag}";

    /// <summary>Records the decision in the source's ledger and nothing else: the tag that it gave is not another one later.</summary>
    public sealed record Decide(RepositoryId Source, TagEntry Entry, TagPromotion Promotion) : PromotionAction(Source, Entry, Promotion)
    {
        public override string Describe() => $"record that {Id} is to be {Promotion.TargetTag}, as of {KubernetesJson.MicroTime(Promotion.At)}";
    }

    /// <summary>
    /// Records the decision, copies the image with what refers to it, writes the target's tag and the decision record, and marks the promotion as
    /// done. Each step that was done before is found done.
    /// </summary>
    public sealed record Promote(RepositoryId Source, TagEntry Entry, TagPromotion Promotion, RepositoryId Target) : PromotionAction(Source, Entry, Promotion)
    {
        /// <summary>What each criterion came to.</summary>
        public required CriteriaVerdict Criteria { get; init; }

        /// <summary>Whether the decision is recorded already.</summary>
        public bool IsRecorded { get; init; }

        /// <summary>What the target's tag names until then; null when there is no such tag. Whoever writes it in between is not overwritten.</summary>
        public string? Replaces { get; init; }

        /// <summary>Whether the target's tag already names this digest, so that nothing is copied.</summary>
        public bool IsThere { get; init; }

        public override string Describe() =>
            IsThere
                ? $"record that {Id} is already {Target.Name}:{Promotion.TargetTag}"
                : $"promote {Id} to {Target.Name}:{Promotion.TargetTag}, {(IsRecorded ? "as decided at" : "as of")} {KubernetesJson.MicroTime(Promotion.At)}";
    }
}
