namespace Portcullis.Core.Signing;

/// <summary>What a decision about one image is made from.</summary>
/// <param name="Image">As the object names it.</param>
/// <param name="Name">The same, read.</param>
/// <param name="Policies">The policies that cover it.</param>
public sealed record SigningQuestion(string Image, ImageName Name, IReadOnlyList<SigningPolicy> Policies)
{
    /// <summary>Whether a Registry declares its host.</summary>
    public required bool IsRegistered { get; init; }

    /// <summary>What each verifier found out about its repository.</summary>
    public IReadOnlyDictionary<SignatureVerifier, TrustFinding> Findings { get; init; } = new Dictionary<SignatureVerifier, TrustFinding>();

    public TeamKeys Teams { get; init; } = TeamKeys.Nothing;

    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether the steps are wanted: writing them costs more than the decision.</summary>
    public bool Explain { get; init; }
}
