using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Promotions;

/// <summary>Which images of one repository are copied to another, and under which tag.</summary>
public sealed record PromotionPolicy : Resource<PromotionPolicySpec, PromotionPolicyStatus>, IResource<PromotionPolicy>
{
    public static ApiResource Definition { get; } = new(WellKnown.Group, WellKnown.Version, "PromotionPolicy", "promotionpolicies", false)
    {
        ShortNames = ["promo"],
        Categories = [WellKnown.Category],
    };

    public static JsonTypeInfo<PromotionPolicy> JsonType => PromotionsJsonContext.Default.PromotionPolicy;

    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description = "Copies every image of a repository that meets all criteria to another repository, with its digest, signatures and reports.",
        Columns =
        [
            new PrinterColumn("Source", ".spec.source.repository"),
            new PrinterColumn("Target", ".spec.target.repository"),
            new PrinterColumn("Promoted", ".status.promoted", "integer"),
            new PrinterColumn("Last", ".status.lastPromotion.targetTag"),
            new PrinterColumn("Regressed", ".status.regressed", "integer"),
            new PrinterColumn("Held back", ".status.heldBack", "integer", 1),
            new PrinterColumn("Blocked", ".status.blocked", "integer", 1),
            new PrinterColumn("Last promotion", ".status.lastPromotion.at", "date", 1),
        ],
    })
    {
        Rules = [new PromotionPolicyRule()],
        Claims = one => PromotionClaims.Of(TypedObject.Read<PromotionPolicy>(one.Value).Spec),
    };
}
