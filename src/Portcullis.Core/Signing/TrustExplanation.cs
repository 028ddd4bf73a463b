namespace Portcullis.Core.Signing;

/// <summary>Why an image may run or not: what <c>portcullis trust verify</c> says.</summary>
public sealed record TrustExplanation
{
    public required string Image { get; init; }

    public required SigningMode Mode { get; init; }

    /// <summary>Allowed, Refused or Unknown.</summary>
    public required string Verdict { get; init; }

    public string? Digest { get; init; }

    public string? Reason { get; init; }

    public required IReadOnlyList<string> Policies { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public required IReadOnlyList<SigningStep> Steps { get; init; }

    public static TrustExplanation Of(SigningDecision decision) => new()
    {
        Image = decision.Image,
        Mode = decision.Mode,
        Verdict = decision.Verdict.GetType().Name,
        Digest = (decision.Verdict as SigningVerdict.Allowed)?.Digest,
        Reason = decision.Verdict.Problem,
        Policies = decision.Policies,
        Warnings = decision.Warnings,
        Steps = decision.Steps,
    };
}
