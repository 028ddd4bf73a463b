using Portcullis.Core.Criteria;
using Portcullis.Core.Repositories;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Promotions;

/// <summary>One image of a policy's source, and what is done with it.</summary>
public abstract record PromotionAction(RepositoryId Source, TagEntry Entry, TagPromotion Promotion) : PlannedAction
{
    public override string Id => $"{Source.Name}:{Entry.Tag}";

    /// <summary>Records the decision in the source's ledger and nothing else: the tag that it gave is not another one later.</summary>
    public sealed record Decide(RepositoryId Source, TagEntry Entry, TagPromotion Promotion) : PromotionAction(Source, Entry, Promotion)
    {
        public override string Describe() => $"record that {Id} is to be {Promotion.TargetTag}, as of {KubernetesJson.MicroTime(Promotion.At)}";
    }

    /// <summary>
    /// Records the decision in the source's ledger, copies the image with what refers to it, and writes the target's tag. Each step that was done before is
    /// found done.
    /// </summary>
    public sealed record Promote(RepositoryId Source, TagEntry Entry, TagPromotion Promotion, RepositoryId Target) : PromotionAction(Source, Entry, Promotion)
    {
        /// <summary>What each criterion came to.</summary>
        public required CriteriaVerdict Criteria { get; init; }

        /// <summary>Whether the decision is recorded already.</summary>
        public bool IsRecorded { get; init; }

        /// <summary>What the target's tag names until then; null when there is no such tag. Whoever writes it in between is not overwritten.</summary>
        public string? Replaces { get; init; }

        /// <summary>What is attached to the image in the source, as its ledger names the list; null for nothing, or when it is not copied along.</summary>
        public string? Attached { get; init; }

        /// <summary>Whether the target's tag already names this digest, so that nothing is copied.</summary>
        public bool IsThere { get; init; }

        public override string Describe() =>
            IsThere
                ? $"record that {Id} is already {Target.Name}:{Promotion.TargetTag}"
                : $"promote {Id} to {Target.Name}:{Promotion.TargetTag}, {(IsRecorded ? "as decided at" : "as of")} {KubernetesJson.MicroTime(Promotion.At)}";
    }

    /// <summary>Copies what was attached to a promoted image since: a signature or a list of components that came after the image.</summary>
    public sealed record Accompany(RepositoryId Source, TagEntry Entry, TagPromotion Promotion, RepositoryId Target, string Attached) : PromotionAction(Source, Entry, Promotion)
    {
        public override string Id => $"what is attached to {base.Id}";

        public override string Describe() => $"copy what was attached to {Source.Name}:{Entry.Tag} since it was promoted to {Target.Name}:{Promotion.TargetTag}";
    }

    /// <summary>
    /// Writes the decision record beside the promoted image, and marks the promotion as done. An action of its own, after the promotions of all tags: they
    /// do not wait for what nobody pulls.
    /// </summary>
    public sealed record Document(Promote Of) : PromotionAction(Of.Source, Of.Entry, Of.Promotion)
    {
        public override string Id => IdOf(Of.Id);

        public static string IdOf(string promotion) => $"record of {promotion}";

        public override string Describe() => $"keep the decision beside {Of.Target.Name}:{Promotion.TargetTag}";
    }
}
