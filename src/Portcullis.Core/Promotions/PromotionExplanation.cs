using Portcullis.Core.Criteria;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Promotions;

/// <summary>Where the image of a tag came from, and what each policy that reads its repository decides about it: what <c>portcullis promotion explain</c> prints.</summary>
public sealed record PromotionExplanation
{
    public required string Registry { get; init; }

    public required string Repository { get; init; }

    public required string Tag { get; init; }

    public string? Digest { get; init; }

    public string? Author { get; init; }

    public DateTimeOffset? PushedAt { get; init; }

    public bool? PushedPastGateway { get; init; }

    /// <summary>The promotions that brought it here, the last one first.</summary>
    public required IReadOnlyList<PromotionStep> CameFrom { get; init; }

    /// <summary>Promotions of the same image to this tag which found that the tag named it already, so that nothing was written.</summary>
    public IReadOnlyList<PromotionStep> FoundThere { get; init; } = [];

    public required IReadOnlyList<PolicyExplanation> Policies { get; init; }

    /// <summary>The decision records beside the image, here and where its policies promoted it to; the latest 20 of each repository.</summary>
    public IReadOnlyList<RecordExplanation> Records { get; init; } = [];

    /// <summary>Why the decision records could not be looked at; null when they were.</summary>
    public string? RecordsNotChecked { get; init; }

    /// <summary>The repositories that have the image by a promotion: what is attached to it there says why.</summary>
    public IEnumerable<string> PromotedTo() =>
        (CameFrom.Count + FoundThere.Count > 0 ? [Repository] : Enumerable.Empty<string>())
        .Concat(Policies.Where(p => p.Decision == PromotionDecision.Promoted).Select(p => p.Target))
        .Distinct(StringComparer.Ordinal);

    /// <summary>Whether a policy that looks at the tag neither has promoted it nor does so now.</summary>
    public bool IsHeldUp => Policies.Any(p => p.Decision is not (PromotionDecision.Promoted or PromotionDecision.Promotes or PromotionDecision.Superseded or PromotionDecision.Skipped));

    /// <param name="repository">The repository.</param>
    /// <param name="entry">The tag as its ledger has it.</param>
    /// <param name="find">Finds a tag of another repository of the registry; null when its ledger does not have it.</param>
    /// <param name="observations">What is seen for each policy whose source the repository is.</param>
    /// <param name="now">The time of the decisions.</param>
    public static PromotionExplanation Of(
        RepositoryId repository, TagEntry entry, Func<PromotionOrigin, TagEntry?> find, IEnumerable<PromotionObservation> observations, DateTimeOffset now) => new()
    {
        Registry = repository.Registry,
        Repository = repository.Name,
        Tag = entry.Tag,
        Digest = entry.Digest,
        Author = entry.Author,
        PushedAt = entry.PushedAt,
        PushedPastGateway = entry.PushedPastGateway,
        CameFrom = [.. Chain(entry, find)],
        Policies = [.. observations.OrderBy(o => o.Policy.Key).Select(o => PolicyExplanation.Of(o, entry.Tag, now))],
    };

    /// <summary>What is recorded in the ledgers of the policies' sources as promoted to a tag, without the promotion that wrote it.</summary>
    /// <param name="entry">The tag as its ledger has it.</param>
    /// <param name="incoming">Policies to its repository, each with what the ledger of its source says.</param>
    public static IReadOnlyList<PromotionStep> FoundThereBy(TagEntry entry, IEnumerable<(PromotionPolicy Policy, IReadOnlyList<TagEntry> Source)> incoming) =>
    [
        .. from one in incoming.OrderBy(i => i.Policy.Key)
           from source in one.Source
           where source.Digest == entry.Digest
               && (source.Promotions ?? []).Any(p => p is { Done: true } && p.Policy == one.Policy.Key.Name && p.Digest == entry.Digest && p.TargetTag == entry.Tag)
           let step = new PromotionStep(one.Policy.Key.Name, one.Policy.Spec.Source.Repository, source.Tag) { PushedAt = source.PushedAt, Author = source.Author }
           where (entry.PromotedFrom?.Policy, entry.PromotedFrom?.Repository, entry.PromotedFrom?.Tag) != (step.Policy, step.Repository, step.Tag)
           select step,
    ];

    private static IEnumerable<PromotionStep> Chain(TagEntry entry, Func<PromotionOrigin, TagEntry?> find)
    {
        var seen = new HashSet<(string, string)>();
        for (var at = entry; at.PromotedFrom is { } from && seen.Add((from.Repository, from.Tag));)
        {
            var source = find(from);
            var isSame = source?.Digest == entry.Digest;
            yield return new PromotionStep(from.Policy, from.Repository, from.Tag)
            {
                PushedAt = from.PushedAt,
                Author = isSame ? source!.Author : null,
                Now = isSame ? null : source is null ? "the tag is no longer there" : $"the tag names {source.Digest} by now",
            };
            if (!isSame)
            {
                yield break;
            }

            at = source!;
        }
    }
}

/// <summary>A promotion that has happened.</summary>
/// <param name="Policy">The PromotionPolicy.</param>
/// <param name="Repository">Its source.</param>
/// <param name="Tag">The source's tag.</param>
public sealed record PromotionStep(string Policy, string Repository, string Tag)
{
    /// <summary>When the image was pushed, or promoted, to that tag.</summary>
    public DateTimeOffset? PushedAt { get; init; }

    public string? Author { get; init; }

    /// <summary>What has become of the source's tag since; null when it still names the image.</summary>
    public string? Now { get; init; }
}

/// <summary>What one policy decides about the tag.</summary>
public sealed record PolicyExplanation
{
    public required string Policy { get; init; }

    public required string Target { get; init; }

    public required string TagTemplate { get; init; }

    public required PromotionDecision Decision { get; init; }

    public string? TargetTag { get; init; }

    public DateTimeOffset? At { get; init; }

    public string? Reason { get; init; }

    /// <summary>True while the policy promotes nothing.</summary>
    public bool? Suspended { get; init; }

    /// <summary>What came of each criterion; for a promoted image with what is known of it now. What was known then is in its decision record.</summary>
    public required IReadOnlyList<CriterionEvidence> Criteria { get; init; }

    internal static PolicyExplanation Of(PromotionObservation observed, string tag, DateTimeOffset now)
    {
        var (policy, spec) = (observed.Policy, observed.Policy.Spec);
        var decided = PromotionPlanner.Plan(observed, now).Decisions.FirstOrDefault(d => d.Source.Tag == tag);
        var verdict = decided is null ? null : decided.Criteria ?? CriteriaEvaluation.Of(spec.Criteria, observed.FactsOf(decided.Source), decided.At ?? now);
        var reason = decided is null ? Problem.Join([.. observed.Problems]) : decided.Reason;
        return new PolicyExplanation
        {
            Policy = policy.Key.Name,
            Target = spec.Target.Repository,
            TagTemplate = spec.Target.Template,
            Decision = decided?.Decision ?? PromotionDecision.HeldBack,
            TargetTag = decided?.TargetTag,
            At = decided?.At,
            Reason = reason.Length == 0 ? null : reason,
            Suspended = spec.Suspend,
            Criteria = [.. (verdict?.Criteria ?? []).Select(c => new CriterionEvidence(c.Criterion.Describe(), c.Outcome, c.Evidence))],
        };
    }
}
