using Portcullis.Core.Repositories;
using Portcullis.Core.Signing;

namespace Portcullis.Signing;

/// <summary>
/// An image with what the declarations of one moment ask of it. That it may run is kept for as long as it would be decided so again: while each verifier
/// finds what it found before, and that has not expired.
/// </summary>
internal sealed class AskedImage(string image, ImageName? name, IReadOnlyList<SigningPolicy> policies, SigningModel model)
{
    private volatile KeptDecision? _kept;

    /// <summary>Where signatures are looked for; null when no policy asks, and for an image of no declared registry.</summary>
    public RepositoryId? Repository { get; } = policies.Count > 0 && name is not null ? model.RepositoryOf(name) : null;

    /// <param name="found">What each verifier found out about the repository.</param>
    /// <param name="now">The time.</param>
    /// <param name="explain">Whether the steps are wanted.</param>
    public SigningDecision Decide(IReadOnlyDictionary<SignatureVerifier, TrustFinding> found, DateTimeOffset now, bool explain)
    {
        if (policies.Count == 0)
        {
            return SigningDecision.NotCovered(image);
        }

        if (!explain && _kept is { } kept && kept.HoldsFor(found, now))
        {
            return kept.Decision;
        }

        var decision = name is null ? Unreadable() : SigningDecider.Decide(new SigningQuestion(image, name, policies)
        {
            IsRegistered = Repository is not null,
            Findings = found,
            Teams = model.Teams,
            Now = now,
            Explain = explain,
        });
        if (!explain && decision is { Verdict: SigningVerdict.Allowed, Warnings.Count: 0 })
        {
            _kept = new KeptDecision(decision, found);
        }

        return decision;
    }

    /// <summary>What no container runtime could pull is refused here, where it can be said why.</summary>
    private SigningDecision Unreadable()
    {
        var mode = policies.Max(p => p.Spec.Mode);
        var message = $"\"{image}\" is not the name of an image";
        return new SigningDecision(image, mode, new SigningVerdict.Refused(message))
        {
            Policies = [.. policies.Where(p => p.Spec.Mode == mode).Select(p => p.Key.Name)],
            Warnings = [.. policies.Where(p => p.Spec.Mode == SigningMode.Audit).Select(p => $"SigningPolicy {p.Key.Name}: {message}")],
            Steps = [new SigningStep("image", SigningOutcome.Failed, message)],
        };
    }
}
