using Portcullis.Objects.Json;

namespace Portcullis.Core.Repositories;

/// <summary>Judges a repository by its ledger as read back.</summary>
public static class RepositoryJudge
{
    private const int Shown = 20;

    private static readonly TimeSpan RetryIn = TimeSpan.FromSeconds(10);

    /// <summary>A Registry of the same commit is there by then.</summary>
    private static readonly TimeSpan SameCommit = TimeSpan.FromSeconds(5);

    public static Reconciled<RepositoryStatus> Judge(Repository repository, RepositoryReadBack seen, IReadOnlyList<ActionResult> results, DateTimeOffset now)
    {
        var tags = seen.Entries.Where(TagEntries.IsImage).ToList();
        var status = new RepositoryStatus
        {
            Image = seen.Host is { } host ? $"{host}/{repository.Spec.Name}" : null,
            Tags = tags.Count,
            LastPush = Latest(tags, _ => true),
            LastPromotion = Latest(tags, e => e.PromotedFrom is not null),
            PushedPastGateway = Some(tags.Where(t => t.PushedPastGateway == true).Select(t => t.Tag)),
            Exceptions = Some(ImmutableTags.ExceptionsInForce(repository.Spec, now).Select(e => $"{e.Tag}: {e.Reason} ({e.Owner}, until {KubernetesJson.Time(e.ExpiresAt)})")),
            Scans = seen.Scans,
            DeadLetters = seen.DeadLetters,
            PendingDeliveries = seen.PendingDeliveries,
        };
        return new Reconciled<RepositoryStatus>(OutcomeOf(repository, seen, results, tags.Count, now), status) { Events = [.. results.Select(EventOf).OfType<ReportedEvent>()] };
    }

    private static Outcome OutcomeOf(Repository repository, RepositoryReadBack seen, IReadOnlyList<ActionResult> results, int tags, DateTimeOffset now)
    {
        if (seen.Host is null)
        {
            return new Outcome.Stalled(RepositoryReasons.UnknownRegistry, $"there is no Registry {repository.Spec.Registry}") { ReportAfter = SameCommit };
        }

        if (seen.DeclaredBy is { } other)
        {
            return new Outcome.Stalled(RepositoryReasons.AlreadyDeclared, $"{repository.Spec.Name} is declared by the Repository {other}, which counts");
        }

        if (seen.RegistryProblem is { } problem)
        {
            return new Outcome.Waiting(problem.Reason, problem.Message, RetryIn);
        }

        var observation = new LedgerObservation(seen.Entries, now);
        var again = Soonest(seen.NextPoll, LedgerPlanner.NextLook(observation), ImmutableTags.NextChange(repository.Spec, now) - now);
        return Outcome.Failed.Among(results) as Outcome
            ?? (seen.WebhookProblems.Count > 0 ? Outcome.Stalled.By(seen.WebhookProblems) with { CheckAgainIn = again } : new Outcome.Ready($"{Pluralize.Of(tags, "tag")}", again));
    }

    private static TimeSpan Soonest(TimeSpan poll, params TimeSpan?[] others) => others.Where(o => o is not null).Select(o => o!.Value).Append(poll).Min();

    private static ReportedEvent? EventOf(ActionResult result) => result switch
    {
        ActionResult.Done { Action: LedgerAction.Enter enter } => new ReportedEvent(
            Warning: true,
            RepositoryReasons.PushedPastGateway,
            enter.Before?.Digest is { } before
                ? $"tag {enter.Tag} names {enter.Found.Digest} in the registry, not {before} as it was pushed: it was changed past the gateway"
                : $"tag {enter.Tag} ({enter.Found.Digest}) is in the registry and was not pushed through the gateway"),
        ActionResult.Done { Action: LedgerAction.Rewrite rewrite } =>
            new ReportedEvent(Warning: true, RepositoryReasons.TagRewritten, $"tag {rewrite.Tag} was written again ({rewrite.Digest}): {rewrite.Reason}"),
        ActionResult.Done { Action: LedgerAction.Forget forget } =>
            new ReportedEvent(Warning: true, RepositoryReasons.DeletedPastGateway, $"tag {forget.Tag} ({forget.Before.Digest}) is no longer in the registry and was not deleted through the gateway"),
        _ => null,
    };

    private static TagEvent? Latest(IEnumerable<TagEntry> tags, Func<TagEntry, bool> which) =>
        tags.Where(e => which(e) && e.PushedAt is not null).OrderByDescending(e => e.PushedAt).ThenBy(e => e.Tag, StringComparer.Ordinal)
            .Select(e => new TagEvent { Tag = e.Tag, Digest = e.Digest!, Time = e.PushedAt!.Value, By = e.PromotedFrom?.Policy ?? e.Author })
            .FirstOrDefault();

    private static string[]? Some(IEnumerable<string> all) => all.Take(Shown).ToArray() is { Length: > 0 } some ? some : null;
}
