namespace Portcullis.Core.Promotions;

/// <summary>The reasons of conditions and Events of a PromotionPolicy.</summary>
public static class PromotionReasons
{
    public const string Promoted = "Promoted";
    public const string PromotionBlocked = "PromotionBlocked";
    public const string PromotionConflict = "PromotionConflict";
    public const string RegistryMissing = "RegistryMissing";
    public const string RepositoryMissing = "RepositoryMissing";
    public const string PolicyRefused = "PolicyRefused";
}
