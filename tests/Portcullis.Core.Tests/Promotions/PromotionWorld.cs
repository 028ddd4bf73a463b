using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Tests.Promotions;

/// <summary>What the world is after a plan's actions: the ledger as the program writes it.</summary>
internal static class PromotionWorld
{
    public static PromotionObservation Apply(PromotionObservation observed, PromotionPlan plan) => plan.Actions.Aggregate(observed, Apply);

    private static PromotionObservation Apply(PromotionObservation observed, PromotionAction action)
    {
        var promotions = (action.Entry.Promotions ?? []).Where(p => p.Policy != action.Promotion.Policy).Append(Recorded(action));
        var source = observed.Source.Select(e => e.Tag == action.Entry.Tag ? e with { Promotions = [.. promotions] } : e);
        return observed with { Source = [.. source], Target = action is PromotionAction.Promote { IsThere: false } promote ? Written(observed, promote) : observed.Target };
    }

    private static TagPromotion Recorded(PromotionAction action) => action switch
    {
        PromotionAction.Document document => action.Promotion with { Done = true, Attached = document.Of.Attached },
        PromotionAction.Accompany accompany => action.Promotion with { Attached = accompany.Attached },
        _ => action.Promotion with { Done = null },
    };

    private static IReadOnlyList<TagEntry> Written(PromotionObservation observed, PromotionAction.Promote action) =>
    [
        .. observed.Target.Where(e => e.Tag != action.Promotion.TargetTag),
        new TagEntry
        {
            Tag = action.Promotion.TargetTag,
            Digest = action.Promotion.Digest,
            PushedAt = action.Promotion.At,
            PromotedFrom = new PromotionOrigin { Policy = action.Promotion.Policy, Repository = action.Source.Name, Tag = action.Entry.Tag, PushedAt = action.Entry.PushedAt },
        },
    ];
}
