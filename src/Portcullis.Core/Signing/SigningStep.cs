namespace Portcullis.Core.Signing;

/// <summary>One step of a decision.</summary>
/// <param name="Subject">What was looked at: the image, the trust data, a role, a policy.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Message">What was found, in words.</param>
public sealed record SigningStep(string Subject, SigningOutcome Outcome, string Message);
