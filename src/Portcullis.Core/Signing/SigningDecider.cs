using System.Globalization;

namespace Portcullis.Core.Signing;

/// <summary>
/// Decides whether an image has the signatures that the policies ask for (docs/signing-policies.md). All policies of one mode are held against one digest:
/// a digest counts when every one of them is satisfied by it, and only a single one may.
/// </summary>
public static class SigningDecider
{
    public static SigningDecision Decide(SigningQuestion question)
    {
        var enforced = question.Policies.Where(p => p.Spec.Mode == SigningMode.Enforce).OrderBy(p => p.Key).ToList();
        var audited = question.Policies.Where(p => p.Spec.Mode == SigningMode.Audit).OrderBy(p => p.Key).ToList();
        if (enforced.Count + audited.Count == 0)
        {
            return SigningDecision.NotCovered(question.Image);
        }

        var counted = enforced.Count > 0 ? enforced : audited;
        var steps = question.Explain ? new List<SigningStep>() : null;
        return new SigningDecision(question.Image, counted[0].Spec.Mode, Judge(question, counted, steps))
        {
            Policies = [.. counted.Select(p => p.Key.Name)],
            Warnings = [.. audited.Select(p => (p.Key.Name, Judge(question, [p], null).Problem)).Where(w => w.Problem is not null).Select(w => $"SigningPolicy {w.Name}: {w.Problem}")],
            Steps = steps ?? [],
            ExistingBefore = counted.All(p => p.Spec.Existing == ExistingWorkloads.Allow) ? counted.Min(p => p.Status?.EnforcedSince ?? question.Now) : null,
        };
    }

    /// <summary>What is signed of an image, whether or not a policy asks for it.</summary>
    public static IReadOnlyList<SigningStep> WhatIsSigned(SigningQuestion question)
    {
        var steps = new List<SigningStep>();
        var everything = new SigningPolicy { Metadata = new ObjectMeta { Name = "" }, Spec = new SigningPolicySpec { Mode = SigningMode.Audit, AnySigner = true } };
        _ = VerifiedTargets.Of(question, [everything], steps);
        return steps;
    }

    /// <summary>What these policies decide together, whatever their modes; each check is reported in the steps where they are wanted.</summary>
    public static SigningVerdict Judge(SigningQuestion question, IReadOnlyList<SigningPolicy> policies, List<SigningStep>? steps)
    {
        if (!question.IsRegistered)
        {
            var message = $"{question.Name.Host} must be a registered trusted registry";
            steps?.Add(new SigningStep("registry", SigningOutcome.Failed, $"{message}: no Registry declares the host"));
            return new SigningVerdict.Refused(message);
        }

        var trust = VerifiedTargets.Of(question, policies, steps);
        if (trust.Problem is { } problem)
        {
            return problem;
        }

        var satisfied = new List<string>();
        var missing = new List<string>();
        foreach (var digest in trust.Digests)
        {
            var unmet = policies.SelectMany(p => PolicyCheck.Of(p, trust.OfPolicy(p, digest), question.Teams, digest, steps)).ToList();
            satisfied.AddRange(unmet.Count == 0 ? [digest] : []);
            missing.AddRange(unmet);
        }

        return satisfied.Count switch
        {
            1 => new SigningVerdict.Allowed(satisfied[0]),
            0 => trust.IsPartial
                ? new SigningVerdict.Unknown($"{NotMet(question)}: {Words(missing, trust)}")
                : new SigningVerdict.Refused($"{NotMet(question)}: {Words(missing, trust)}"),
            _ => new SigningVerdict.Refused(string.Create(
                CultureInfo.InvariantCulture, $"{NotMet(question)}: {satisfied.Count} different digests are signed for the tag, {string.Join(" and ", satisfied)}: sign one of them only, or name the digest")),
        };
    }

    private static string NotMet(SigningQuestion question) => $"{question.Image}: image did not meet required signing policy";

    private static string Words(List<string> missing, VerifiedTargets trust) => string.Join("; ", missing.Distinct(StringComparer.Ordinal).Concat(trust.Notes));
}
