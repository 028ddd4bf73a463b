using System.Globalization;

namespace Portcullis.Core.Sources;

/// <summary>Judges a source: how far the cluster is, and what keeps it from the revision that the repository has.</summary>
public static class SourceJudge
{
    /// <summary>The condition for whether the revision in force is signed as required.</summary>
    public const string SourceVerified = "SourceVerified";

    private const int EventLimit = 20;
    private const int LongestNote = 500;
    private const int NamedNotes = 5;

    private static readonly TimeSpan ShortestRetry = TimeSpan.FromMilliseconds(100);

    public static Reconciled<GitSourceStatus> Judge(SourceReadBack seen, DateTimeOffset now)
    {
        var status = StatusOf(seen, now);
        return new Reconciled<GitSourceStatus>(OutcomeOf(seen), status)
        {
            Conditions = Conditions(seen),
            Events = Events(seen, status),
        };
    }

    /// <summary>Objects that are not at the revision in force.</summary>
    private static List<ObjectFinding> Pending(SourceReadBack seen) => [.. seen.Failures.OrderBy(f => f.Identity), .. Skipped(seen), .. seen.Plan?.Pending ?? []];

    /// <summary>What the revision in force removed, and what one would remove that may not take its place.</summary>
    private static List<ObjectFinding> PruneBlocked(SourceReadBack seen) =>
        [.. seen.Fetch is FetchResult.Rejected rejected ? rejected.PruneBlocked : [], .. seen.Plan?.PruneBlocked ?? []];

    private static IEnumerable<ObjectFinding> Skipped(SourceReadBack seen) => seen.Results.OfType<ActionResult.Skipped>()
        .Where(s => s.Action is ApplyAction { Target: not null })
        .Select(s => new ObjectFinding(((ApplyAction)s.Action).Target!.Value, $"not written, because this failed: {s.Cause.Describe()}"));

    /// <summary>
    /// What is no single object's failure: the inventory could not be written, so that nothing new may be made; or the API server answers no
    /// writes at all. Null when there is no such failure.
    /// </summary>
    private static Outcome.Failed? Failure(SourceReadBack seen)
    {
        var failures = seen.Results.OfType<ActionResult.Failed>().ToList();
        var inventory = failures.Where(f => f.Action is ApplyAction { Target: null }).ToList();
        if (inventory.Count > 0)
        {
            return Outcome.Failed.By(inventory);
        }

        return failures.Count > 0 && failures.TrueForAll(f => f.IsAway) && seen.Results.Any(r => r is ActionResult.Skipped)
            ? new Outcome.Failed(failures[0].Problem.Reason, $"the API server does not answer writes: {failures[0].Problem.Message}", IsAway: true)
            : null;
    }

    private static GitSourceStatus StatusOf(SourceReadBack seen, DateTimeOffset now)
    {
        var blocked = PruneBlocked(seen);
        var attempted = Attempted(seen.Before, seen.Fetch) with
        {
            ReceiverPaths = seen.Receivers?.Paths,
            PruneBlocked = Notes(seen.InForce, blocked),
            PruneBlockedCount = blocked.Count,
        };
        if (seen is not { InForce: { } revision, Plan: { } plan })
        {
            return attempted;
        }

        var pending = Pending(seen);
        var whole = pending.Count == 0;
        return attempted with
        {
            InForceRevision = revision.Revision,
            LastAttemptedRevision = seen.Fetch is FetchResult.Rejected { Attempted: { } rejected } ? rejected : revision.Revision,
            ObservedSource = revision.Observed,
            ObservedPath = revision.Folder,
            Objects = revision.Objects,
            LastAppliedCommit = whole ? revision.Commit : attempted.LastAppliedCommit,
            LastAppliedRevision = whole ? revision.Revision : attempted.LastAppliedRevision,
            History = whole ? History(seen, revision, now) : attempted.History,
            Pending = Notes(revision, pending),
            PendingCount = pending.Count,
            Drift = Notes(revision, plan.Drift),
            DriftCount = plan.Drift.Count,
            VerifiedBy = revision.SignedBy,
        };
    }

    private static GitSourceStatus Attempted(GitSourceStatus status, FetchResult fetch) => fetch switch
    {
        FetchResult.Rejected rejected => status with
        {
            LastAttemptedRevision = rejected.Attempted ?? status.LastAttemptedRevision,
            Problems = rejected.Problems.Count == 0
                ? null
                : [.. rejected.Problems.Take(GitSourceStatus.ListLimit).Select(p => new FileNote { File = p.Position.ToString(), Message = p.Message })],
            ProblemCount = rejected.Problems.Count,
        },
        FetchResult.Current => status with { Problems = null, ProblemCount = 0 },
        _ => status,
    };

    private static Outcome OutcomeOf(SourceReadBack seen)
    {
        if (seen is not { InForce: { } revision, Plan: { } plan })
        {
            return NotCurrent(seen, Nothing(seen.Before), seen.Source.Spec.Interval());
        }

        if (seen.Fetch is not FetchResult.Current)
        {
            return NotCurrent(seen, $"{revision.Short} stays in force", seen.FetchIn);
        }

        if (Failure(seen) is { } failure)
        {
            return failure;
        }

        if (Pending(seen) is [var first, ..] pending)
        {
            return new Outcome.Waiting(
                SourceReasons.ObjectsPending,
                $"{pending.Count} of {Pluralize.Of(revision.Objects, "object")} not yet at {revision.Short}: {first.Identity}: {Cut(first.Message)}",
                RetryIn(seen))
            {
                IsWarning = true,
            };
        }

        if (plan.BudgetExceeded is { } excess)
        {
            return new Outcome.Stalled(
                SourceReasons.PruneBlocked,
                $"{excess}; {PrunePlanner.HowToApprove(seen.Source.Key.Name, revision.Commit)}")
            {
                CheckAgainIn = seen.FetchIn,
            };
        }

        if (plan.PruneBlocked is [var blocked, ..])
        {
            return new Outcome.Stalled(SourceReasons.PruneBlocked, $"{blocked.Identity} {blocked.Message}") { CheckAgainIn = seen.FetchIn };
        }

        var message = $"Applied {Pluralize.Of(revision.Objects, "object")} at {revision.Short}";
        if (seen.Receivers?.Problem is { } problem)
        {
            return new Outcome.Waiting(SourceReasons.SecretNotUsable, $"{problem}; {message}, and the repository is polled meanwhile", seen.FetchIn) { IsWarning = true };
        }

        return new Outcome.Ready(
            plan.Drift.Count == 0 ? message : $"{message}; not reverted (drift mode Warn): {Pluralize.Of(plan.Drift.Count, "object")}", seen.FetchIn);
    }

    /// <summary>Objects of a revision that cannot be read again stay as they are; nobody undoes what is done to them.</summary>
    private static string Nothing(GitSourceStatus before) => before.InForceRevision is { } revision
        ? $"{revision}, in force before the program started, cannot be read again"
        : "nothing is in force yet";

    private static Outcome NotCurrent(SourceReadBack seen, string inForce, TimeSpan next) => seen.Fetch switch
    {
        FetchResult.Unavailable unavailable => new Outcome.Waiting(
            unavailable.Reason, $"{unavailable.Message}; {inForce}", Shorter(next, seen.Source.Spec.RetryAfter()))
        {
            IsWarning = true,
        },
        FetchResult.Rejected rejected => new Outcome.Stalled(rejected.Reason, $"{rejected.Message}; {inForce}") { CheckAgainIn = next },
        _ => new Outcome.Waiting(SourceReasons.Progressing, inForce, seen.Source.Spec.RetryAfter()),
    };

    private static TimeSpan RetryIn(SourceReadBack seen)
    {
        var retry = Shorter(seen.RetryIn ?? seen.FetchIn, seen.FetchIn);
        return retry > ShortestRetry ? retry : ShortestRetry;
    }

    private static IReadOnlyList<Condition> Conditions(SourceReadBack seen)
    {
        if (seen.Source.Spec.Verify is null)
        {
            return [];
        }

        var (status, reason, message) = seen switch
        {
            { Fetch: FetchResult.Rejected { Reason: SourceReasons.VerificationFailed } rejected } =>
                (ConditionTypes.False, SourceReasons.VerificationFailed, rejected.Message),
            { InForce: { SignedBy: { } signer } revision } =>
                (ConditionTypes.True, SourceReasons.Succeeded, $"{revision.Revision} is signed by {signer}"),
            _ => (ConditionTypes.Unknown, SourceReasons.NotYetVerified, "no revision was verified yet"),
        };
        return [new Condition { Type = SourceVerified, Status = status, Reason = reason, Message = message }];
    }

    /// <summary>Repeating a reconcile reports nothing twice.</summary>
    private static List<ReportedEvent> Events(SourceReadBack seen, GitSourceStatus status)
    {
        var events = new List<ReportedEvent>(seen.Reverts.Take(EventLimit));
        if (seen.Fetch is FetchResult.Rejected { Problems.Count: > 1 } rejected && seen.Announced != rejected.Attempted && !IsReported(seen.Before, rejected))
        {
            events.Add(new ReportedEvent(true, rejected.Reason, string.Join("\n", rejected.Problems.Take(GitSourceStatus.ListLimit))));
        }

        if (seen.InForce is { } revision && status.LastAppliedCommit == revision.Commit && seen.Before.LastAppliedCommit != revision.Commit)
        {
            var counts = seen.Counts;
            events.Add(new ReportedEvent(
                false, SourceReasons.Applied, $"{revision.Revision}: {counts.Created} created, {counts.Configured} configured, {counts.Pruned} pruned"));
            events.AddRange(revision.Notes.Take(NamedNotes).Select(n => new ReportedEvent(true, SourceReasons.NotRead, n)));
        }

        return events;
    }

    /// <summary>By the program before it was restarted.</summary>
    private static bool IsReported(GitSourceStatus before, FetchResult.Rejected rejected) =>
        before.LastAttemptedRevision == rejected.Attempted && before.ProblemCount == rejected.Problems.Count
        && before.Problems is [var first, ..] && first.Message == rejected.Problems[0].Message;

    private static IReadOnlyList<ObjectNote>? Notes(RevisionInForce? revision, IReadOnlyList<ObjectFinding> findings) => findings.Count == 0
        ? null
        : [.. findings.Take(GitSourceStatus.ListLimit).Select(f => new ObjectNote
        {
            Object = f.Identity.ToString(),
            File = revision?.PositionOf(f.Identity),
            Message = Cut(f.Message),
        })];

    private static string Cut(string message) => message.Length <= LongestNote ? message : message[..LongestNote] + "…";

    private static IReadOnlyList<AppliedRevision>? History(SourceReadBack seen, RevisionInForce revision, DateTimeOffset now)
    {
        if (seen.Before.LastAppliedCommit == revision.Commit)
        {
            return seen.Before.History;
        }

        var entry = new AppliedRevision
        {
            Revision = revision.Revision,
            Author = revision.Author,
            AppliedAt = now,
            Duration = string.Create(CultureInfo.InvariantCulture, $"{seen.Elapsed.TotalMilliseconds:0}ms"),
            Created = seen.Counts.Created,
            Configured = seen.Counts.Configured,
            Pruned = seen.Counts.Pruned,
        };
        return [entry, .. (seen.Before.History ?? []).Take(GitSourceStatus.HistoryLimit - 1)];
    }

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
