namespace Portcullis.Core.Promotions;

/// <summary>A decision record that is attached to an image, and whether it can be believed.</summary>
/// <param name="Repository">Where it is.</param>
/// <param name="Digest">Of the record's manifest.</param>
public sealed record RecordExplanation(string Repository, string Digest)
{
    /// <summary>What it says; null when it is ignored.</summary>
    public PromotionEvidence? Decision { get; init; }

    /// <summary>Whether the operator's key signed it.</summary>
    public bool Signed { get; init; }

    /// <summary>Why it is ignored; null when it is not.</summary>
    public string? Ignored { get; init; }
}
