namespace Portcullis.Core.Signing;

/// <summary>What the verifiers of some policies found out about an image, with what has expired left out.</summary>
internal sealed class VerifiedTargets
{
    private readonly Dictionary<SignatureVerifier, IReadOnlyList<RoleTarget>> _targets = [];

    private VerifiedTargets()
    {
    }

    /// <summary>Why nothing can be allowed; null when there are entries to look at.</summary>
    public SigningVerdict? Problem { get; private set; }

    /// <summary>The digests that are signed for the image, in order.</summary>
    public IReadOnlyList<string> Digests => [.. _targets.Values.SelectMany(t => t).Select(t => t.Digest).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Whether one of several verifiers could not be asked, so that what is missing may be there.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>Roles whose entries do not count.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    public static VerifiedTargets Of(SigningQuestion question, IReadOnlyList<SigningPolicy> policies, List<SigningStep>? steps)
    {
        var found = new VerifiedTargets();
        var problems = new List<SigningVerdict>();
        foreach (var verifier in policies.SelectMany(VerifiersOf).Distinct().Order())
        {
            problems.AddRange(found.Add(question, verifier, question.Findings.GetValueOrDefault(verifier), steps) is { } problem ? [problem] : []);
        }

        found.IsPartial = problems.Any(p => p is SigningVerdict.Unknown);
        found.Problem = found._targets.Values.Any(t => t.Count > 0) ? null : problems.Find(p => p is SigningVerdict.Unknown) ?? problems.Find(p => p is SigningVerdict.Refused) ?? found.Missing(question);
        return found;
    }

    /// <summary>What the verifiers of a policy say of a digest.</summary>
    public IReadOnlyList<RoleTarget> OfPolicy(SigningPolicy policy, string digest) =>
        [.. VerifiersOf(policy).SelectMany(v => _targets.GetValueOrDefault(v) ?? []).Where(t => t.Digest == digest)];

    private static IReadOnlyList<SignatureVerifier> VerifiersOf(SigningPolicy policy) => policy.Spec.Verifiers ?? Enum.GetValues<SignatureVerifier>();

    private SigningVerdict? Add(SigningQuestion question, SignatureVerifier verifier, TrustFinding? finding, List<SigningStep>? steps)
    {
        var subject = $"trust data ({verifier})";
        switch (finding)
        {
            case TrustFinding.Verified { Trust: var trust } when trust.ExpiresAt > question.Now:
                _targets[verifier] = Named(question.Name, trust);
                Notes = [.. Notes, .. trust.Problems.Select(p => $"not counted: {p}")];
                Tell(trust, _targets[verifier], subject, steps);
                return null;
            case TrustFinding.Verified { Trust.ExpiresAt: var expiry }:
                return Refused(question, $"the trust data expired at {Objects.Json.KubernetesJson.Time(expiry)}", subject, steps);
            case TrustFinding.Rejected rejected:
                return Refused(question, rejected.Message, subject, steps);
            case TrustFinding.Absent absent:
                steps?.Add(new SigningStep(subject, SigningOutcome.Failed, absent.Message));
                Notes = [.. Notes, absent.Message];
                return null;
            default:
                var message = (finding as TrustFinding.Unreachable)?.Message ?? $"the verifier {verifier} is not in use here";
                steps?.Add(new SigningStep(subject, SigningOutcome.Unknown, message));
                return new SigningVerdict.Unknown($"{question.Image}: the signatures cannot be verified: {message}");
        }
    }

    private static SigningVerdict.Refused Refused(SigningQuestion question, string message, string subject, List<SigningStep>? steps)
    {
        steps?.Add(new SigningStep(subject, SigningOutcome.Failed, message));
        return new SigningVerdict.Refused($"{question.Image}: image did not meet required signing policy: {message}");
    }

    private static void Tell(RepositoryTrust trust, IReadOnlyList<RoleTarget> named, string subject, List<SigningStep>? steps)
    {
        if (steps is null)
        {
            return;
        }

        steps.Add(new SigningStep(subject, SigningOutcome.Found, $"verified; valid until {Objects.Json.KubernetesJson.Time(trust.ExpiresAt)}"));
        steps.AddRange(trust.Problems.Select(p => new SigningStep(subject, SigningOutcome.Failed, p)));
        steps.AddRange(named.Select(t => new SigningStep($"role {t.Role}", SigningOutcome.Found, $"{t.Tag} is {t.Digest}, signed with {string.Join(", ", t.Signers)}")));
    }

    private static IReadOnlyList<RoleTarget> Named(ImageName name, RepositoryTrust trust) => [.. name.Digest is { } digest ? trust.OfDigest(digest) : trust.OfTag(name.Reference)];

    private SigningVerdict.Refused Missing(SigningQuestion question) =>
        new($"image or trust data does not exist for {question.Image}{(Notes.Count == 0 ? "" : $": {string.Join("; ", Notes)}")}");
}
