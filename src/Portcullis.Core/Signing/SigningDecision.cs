namespace Portcullis.Core.Signing;

/// <summary>What all policies together say of one image.</summary>
/// <param name="Image">The image, as the object that uses it names it.</param>
/// <param name="Mode">The strictest mode of the policies that cover it; <see cref="SigningMode.Off"/> when none does.</param>
/// <param name="Verdict">What the policies of that mode say.</param>
public sealed record SigningDecision(string Image, SigningMode Mode, SigningVerdict Verdict)
{
    /// <summary>No policy looks at it.</summary>
    public static SigningDecision NotCovered(string image) => new(image, SigningMode.Off, new SigningVerdict.Allowed(null));

    /// <summary>The policies of <see cref="Mode"/> that cover it, in the order of their names.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>What policies in <see cref="SigningMode.Audit"/> would refuse, as <c>POLICY: why</c>.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>How it was decided, step by step.</summary>
    public IReadOnlyList<SigningStep> Steps { get; init; } = [];

    /// <summary>Workloads that were made before this time need not be judged (<c>existing: Allow</c> of every policy of <see cref="Mode"/>); null when all are.</summary>
    public DateTimeOffset? ExistingBefore { get; init; }

    /// <summary>Whether the image may run.</summary>
    public bool MayRun => Mode != SigningMode.Enforce || Verdict is SigningVerdict.Allowed;

    /// <summary>The digest in whose place the tag stands; null when the image stays as it is written.</summary>
    public string? Pinned => Mode == SigningMode.Enforce && Verdict is SigningVerdict.Allowed { Digest: { } digest } ? digest : null;

    /// <summary><see cref="Pinned"/> where the image does not name it yet.</summary>
    public string? ToName => Pinned is { } digest && !Image.EndsWith($"@{digest}", StringComparison.Ordinal) ? digest : null;
}
