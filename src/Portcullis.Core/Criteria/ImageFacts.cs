namespace Portcullis.Core.Criteria;

/// <summary>What is known of the image that a tag names.</summary>
public sealed record ImageFacts
{
    public required string Tag { get; init; }

    public required string Digest { get; init; }

    /// <summary>When the tag was last pushed or promoted; null when that is not known.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    public ImageEvidence Evidence { get; init; } = ImageEvidence.None;
}
