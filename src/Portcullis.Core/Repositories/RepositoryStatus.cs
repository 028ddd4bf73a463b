using System.ComponentModel;

namespace Portcullis.Core.Repositories;

/// <summary>What is in the repository by its ledger.</summary>
public sealed record RepositoryStatus : DeclarableStatus
{
    [Description("The image name without a tag: HOST/ORGANIZATION/NAME.")]
    public string? Image { get; init; }

    [Description("Number of tags.")]
    public int? Tags { get; init; }

    [Description("The last push to it.")]
    public TagEvent? LastPush { get; init; }

    [Description("The last promotion into it.")]
    public TagEvent? LastPromotion { get; init; }

    [Description("Tags that were pushed past the gateway, or whose digest differs from the ledger's; at most 20.")]
    [Items(20)]
    public IReadOnlyList<string>? PushedPastGateway { get; init; }

    [Description("Exceptions from immutability that are in force, with their reason and end; at most 20.")]
    [Items(20)]
    public IReadOnlyList<string>? Exceptions { get; init; }

    [Description("What the scans of the repository's images found.")]
    public RepositoryScans? Scans { get; init; }

    [Description("Number of notifications that could not be delivered and are no longer tried.")]
    public int? DeadLetters { get; init; }

    [Description("Number of notifications that wait for delivery.")]
    public int? PendingDeliveries { get; init; }
}

/// <summary>Something that happened to a tag.</summary>
public sealed record TagEvent
{
    [Description("The tag.")]
    public required string Tag { get; init; }

    [Description("The image.")]
    public required string Digest { get; init; }

    [Description("When.")]
    public required DateTimeOffset Time { get; init; }

    [Description("Who pushed it; for a promotion, the PromotionPolicy.")]
    public string? By { get; init; }
}
