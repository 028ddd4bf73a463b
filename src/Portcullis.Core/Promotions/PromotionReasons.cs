namespace Portcullis.Core.Promotions;

/// <summary>The reasons of conditions and Events of a PromotionPolicy.</summary>
public static class PromotionReasons
{
    public const string Promoted = "Promoted";
    public const string PromotionBlocked = "PromotionBlocked";
    public const string PromotionConflict = "PromotionConflict";
    public const string Regressed = "Regressed";
    public const string RegistryMissing = "RegistryMissing";
    public const string RepositoryMissing = "RepositoryMissing";
    public const string Suspended = "Suspended";
    public const string ImageTooDeep = "ImageTooDeep";
    public const string RegistryRefused = "RegistryRefused";
    public const string SourceChanged = "SourceChanged";
    public const string SourceMissing = "SourceMissing";
    public const string TargetRefused = "TargetRefused";
}
