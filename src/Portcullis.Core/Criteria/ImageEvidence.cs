namespace Portcullis.Core.Criteria;

/// <summary>What scanners and signers said of a digest. Null is not known, never nothing found.</summary>
public sealed record ImageEvidence
{
    /// <summary>Neither scanned nor verified.</summary>
    public static ImageEvidence None { get; } = new();

    public ScanEvidence? Scan { get; init; }

    public SignatureEvidence? Signatures { get; init; }
}

/// <summary>The signatures of an image that were verified.</summary>
/// <param name="Teams">The teams whose signature it has, as ORGANIZATION/TEAM.</param>
public sealed record SignatureEvidence(IReadOnlyList<string> Teams);
