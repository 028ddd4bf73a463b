using Portcullis.Core.Repositories;
using Portcullis.Core.Signing;

namespace Portcullis.Signing;

/// <summary>Which images may run, from the policies in force and what the verifiers find out.</summary>
internal sealed class SignedImages(SigningState state, RepositoryFindings findings, SigningMetrics metrics, TimeProvider time) : IImageAdmission
{
    private static readonly Dictionary<SignatureVerifier, TrustFinding> Nothing = [];
    private volatile AskedImages _asked = new(SigningModel.Nothing);

    public SigningMode Strictest => state.Unsettled.Count > 0 ? SigningMode.Enforce : state.Current.Strictest;

    public ValueTask<ImageAdmission> DecideAsync(IReadOnlyList<string> images, string? @namespace, CancellationToken cancellationToken) =>
        DecideAsync(images, state.PlaceOf(@namespace), explain: false, cancellationToken);

    private async ValueTask<ImageAdmission> DecideAsync(IReadOnlyList<string> images, SigningPlace place, bool explain, CancellationToken cancellationToken)
    {
        if (state.Unsettled is { Count: > 0 } unsettled)
        {
            return new ImageAdmission([.. images.Select(i => Unsettled(i, unsettled))]);
        }

        var asked = Asked(state.Current);
        var decisions = await DecideAsync([.. images.Select(i => asked.Of(i, place))], explain, cancellationToken);
        decisions.ForEach(metrics.Report);
        return new ImageAdmission(decisions);
    }

    /// <summary>What one policy alone says of an image, whatever its mode and scope.</summary>
    public async ValueTask<SigningDecision> DecideByAsync(SigningPolicy policy, string image, bool explain, CancellationToken cancellationToken)
    {
        var alone = policy with { Spec = policy.Spec with { Mode = SigningMode.Enforce } };
        return (await DecideAsync([new AskedImage(image, ImageName.TryParse(image), [alone], state.Current)], explain, cancellationToken))[0];
    }

    /// <summary>Why an image may run or not, and what is signed of it even where no policy asks.</summary>
    /// <param name="image">Its name.</param>
    /// <param name="policy">The policy that alone is asked, whatever its mode and scope; null for all that cover the image.</param>
    /// <param name="namespace">Where it is to run; null for anywhere: every policy is asked that covers it somewhere.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public async ValueTask<SigningDecision> ExplainAsync(string image, SigningPolicy? policy, string? @namespace, CancellationToken cancellationToken)
    {
        var decision = policy is null ? (await DecideAsync([image], @namespace is null ? SigningPlace.Anywhere : state.PlaceOf(@namespace), explain: true, cancellationToken)).Images[0] : await DecideByAsync(policy, image, explain: true, cancellationToken);
        if (decision.Mode != SigningMode.Off || ImageName.TryParse(image) is not { } name || state.Current.RepositoryOf(name) is not { } repository)
        {
            return decision;
        }

        var question = new SigningQuestion(image, name, []) { IsRegistered = true, Findings = await findings.OfAsync(repository, Freshness.New, cancellationToken), Now = time.GetUtcNow() };
        return decision with { Steps = SigningDecider.WhatIsSigned(question) };
    }

    /// <summary>With other declarations nothing that was worked out before counts.</summary>
    private AskedImages Asked(SigningModel model) => _asked is { } asked && ReferenceEquals(asked.Model, model) ? asked : _asked = new AskedImages(model);

    /// <summary>
    /// What is not allowed by what was found before is decided once more by what servers say now: it may have been signed a moment ago. Nobody waits for the
    /// sake of a warning.
    /// </summary>
    private async ValueTask<List<SigningDecision>> DecideAsync(IReadOnlyList<AskedImage> asked, bool explain, CancellationToken cancellationToken)
    {
        var found = await FindAsync(asked, Freshness.Kept, cancellationToken);
        var decisions = asked.Select(a => Decide(a, found, explain)).ToList();
        var missed = asked.Where((_, i) => decisions[i].Verdict is not SigningVerdict.Allowed || decisions[i].Warnings.Count > 0).ToList();
        if (missed.Count == 0)
        {
            return decisions;
        }

        var freshness = decisions.TrueForAll(d => d.MayRun) ? Freshness.Asked : Freshness.New;
        foreach (var (repository, finding) in await FindAsync(missed, freshness, cancellationToken))
        {
            found[repository] = finding;
        }

        return [.. asked.Select(a => Decide(a, found, explain))];
    }

    private async ValueTask<Dictionary<RepositoryId, IReadOnlyDictionary<SignatureVerifier, TrustFinding>>> FindAsync(
        IReadOnlyList<AskedImage> asked, Freshness freshness, CancellationToken cancellationToken)
    {
        var pending = new Dictionary<RepositoryId, Task<IReadOnlyDictionary<SignatureVerifier, TrustFinding>>>();
        foreach (var one in asked)
        {
            if (one.Repository is { } repository && !pending.ContainsKey(repository))
            {
                pending[repository] = findings.OfAsync(repository, freshness, cancellationToken).AsTask();
            }
        }

        var found = new Dictionary<RepositoryId, IReadOnlyDictionary<SignatureVerifier, TrustFinding>>();
        foreach (var (repository, finding) in pending)
        {
            found[repository] = await finding;
        }

        return found;
    }

    private SigningDecision Decide(AskedImage asked, Dictionary<RepositoryId, IReadOnlyDictionary<SignatureVerifier, TrustFinding>> found, bool explain) =>
        asked.Decide(asked.Repository is { } repository ? found[repository] : Nothing, time.GetUtcNow(), explain);

    private static SigningDecision Unsettled(string image, IReadOnlyList<string> policies) => new(
        image,
        SigningMode.Enforce,
        new SigningVerdict.Unknown($"{image}: it is not known what is asked: the SigningPolicy {string.Join(", ", policies)} was edited by hand, and its source has not been read since"))
    {
        Policies = policies,
    };
}
