using Portcullis.Core;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Sources;

/// <summary>Puts together what a source's status tells, and what the visit comes to.</summary>
internal static class SourceReport
{
    private const string Verified = "SourceVerified";

    /// <summary>Nothing is in force yet: the repository was never read, or never valid.</summary>
    public static Reconciled<GitSourceStatus> WithoutRevision(GitSource source, SourceState state, LookResult look, IReadOnlyList<string>? receivers)
    {
        var status = Attempted(state.Reported ?? new GitSourceStatus(), look) with { ReceiverPaths = receivers };
        return new Reconciled<GitSourceStatus>(OutcomeOf(source, look, Nothing(state), source.Spec.Interval()), status)
        {
            Conditions = Conditions(source, look, null),
        };
    }

    /// <summary>Objects of a revision that cannot be read again stay as they are; nobody undoes what is done to them.</summary>
    private static string Nothing(SourceState state) => state.Reported?.InForceRevision is { } before
        ? $"{before}, in force before the program started, cannot be read again"
        : "nothing is in force yet";

    public static Reconciled<GitSourceStatus> Of(
        GitSource source, SourceState state, LookResult look, ApplyPlan plan, IReadOnlyList<string>? receivers, DateTimeOffset now, TimeSpan monotonic)
    {
        var revision = state.InForce!;
        var pending = Pending(state, plan);
        var whole = pending.Count == 0;
        var before = state.Reported ?? new GitSourceStatus();
        var status = Attempted(before, look) with
        {
            InForceRevision = revision.Revision,
            LastAttemptedRevision = look is LookResult.Refused { Attempted: { } refused } ? refused : revision.Revision,
            ObservedSource = revision.Observed,
            Objects = revision.Objects.Count,
            LastAppliedCommit = whole ? revision.Target.Commit : before.LastAppliedCommit,
            LastAppliedRevision = whole ? revision.Revision : before.LastAppliedRevision,
            History = whole ? History(before, state, now, monotonic) : before.History,
            Pending = Bound(pending),
            PendingCount = pending.Count,
            Drift = Bound([.. plan.Drift.Select(d => Note(revision, d))]),
            DriftCount = plan.Drift.Count,
            PruneBlocked = Bound([.. plan.PruneBlocked.Select(d => Note(revision, d))]),
            PruneBlockedCount = plan.PruneBlocked.Count,
            VerifiedBy = revision.Signature?.ToString(),
            ReceiverPaths = receivers,
        };
        return new Reconciled<GitSourceStatus>(OutcomeOf(source, state, look, plan, pending, monotonic), status)
        {
            Conditions = Conditions(source, look, revision),
        };
    }

    private static GitSourceStatus Attempted(GitSourceStatus status, LookResult look) => look switch
    {
        LookResult.Refused refused => status with
        {
            LastAttemptedRevision = refused.Attempted ?? status.LastAttemptedRevision,
            Problems = refused.Problems.Count == 0
                ? null
                : [.. refused.Problems.Take(GitSourceStatus.ListLimit).Select(p => new FileNote { File = p.Position.ToString(), Message = p.Message })],
            ProblemCount = refused.Problems.Count,
        },
        LookResult.Current => status with { Problems = null, ProblemCount = 0 },
        _ => status,
    };

    private static Outcome OutcomeOf(GitSource source, SourceState state, LookResult look, ApplyPlan plan, List<ObjectNote> pending, TimeSpan monotonic)
    {
        var revision = state.InForce!;
        var next = state.NextLook > monotonic ? state.NextLook - monotonic : TimeSpan.FromSeconds(1);
        if (look is not LookResult.Current)
        {
            return OutcomeOf(source, look, $"{revision.Target.Short} stays in force", next);
        }

        if (pending.Count > 0)
        {
            var due = state.Failures.Count == 0 ? next : state.Failures.Values.Min(f => f.RetryAt) - monotonic;
            var retry = TimeSpan.FromMilliseconds(Math.Clamp(due.TotalMilliseconds, 100, Math.Max(100, next.TotalMilliseconds)));
            return new Outcome.Waiting(
                "ObjectsPending",
                $"{pending.Count} of {Counted.Of(revision.Objects.Count, "object")} not yet at {revision.Target.Short}: {pending[0].Object}: {pending[0].Message}",
                retry);
        }

        if (plan.BudgetExceeded is { } excess)
        {
            return new Outcome.Stalled(
                "PruneBlocked",
                $"{excess}; approve it with kubectl annotate gitsource {source.Key.Name} --overwrite {Core.WellKnown.Annotations.Approve}={revision.Target.Commit}")
            {
                CheckAgainIn = next,
            };
        }

        if (plan.PruneBlocked.Count > 0)
        {
            return new Outcome.Stalled("PruneBlocked", $"{plan.PruneBlocked[0].Identity} {plan.PruneBlocked[0].Message}") { CheckAgainIn = next };
        }

        var message = $"Applied {Counted.Of(revision.Objects.Count, "object")} at {revision.Target.Short}";
        return new Outcome.Ready(
            plan.Drift.Count == 0 ? message : $"{message}; left different from Git (drift mode Warn): {Counted.Of(plan.Drift.Count, "object")}", next);
    }

    private static Outcome OutcomeOf(GitSource source, LookResult look, string inForce, TimeSpan next) => look switch
    {
        LookResult.Unavailable unavailable => new Outcome.Waiting(unavailable.Reason, $"{unavailable.Message}; {inForce}", Shorter(next, source.Spec.RetryAfter())),
        LookResult.Refused refused => new Outcome.Stalled(refused.Reason, $"{refused.Message}; {inForce}") { CheckAgainIn = next },
        _ => new Outcome.Waiting("Progressing", inForce, source.Spec.RetryAfter()),
    };

    private static IReadOnlyList<Condition> Conditions(GitSource source, LookResult look, SourceRevision? revision)
    {
        if (source.Spec.Verify is null)
        {
            return [];
        }

        if (look is LookResult.Refused { Reason: "VerificationFailed" } refused)
        {
            return [new Condition { Type = Verified, Status = ConditionTypes.False, Reason = "VerificationFailed", Message = refused.Message }];
        }

        return revision?.Signature is { } signature
            ? [new Condition { Type = Verified, Status = ConditionTypes.True, Reason = "Succeeded", Message = $"{revision.Revision} is signed by {signature}" }]
            : [new Condition { Type = Verified, Status = ConditionTypes.Unknown, Reason = "NotYetVerified", Message = "no revision was verified yet" }];
    }

    private static List<ObjectNote> Pending(SourceState state, ApplyPlan plan)
    {
        var revision = state.InForce!;
        var failed = state.Failures.OrderBy(f => f.Key).Select(f => new ObjectFinding(f.Key, f.Value.Message));
        return [.. failed.Concat(plan.Pending).Select(f => Note(revision, f))];
    }

    private static ObjectNote Note(SourceRevision revision, ObjectFinding finding) => new()
    {
        Object = finding.Identity.ToString(),
        File = revision.ByIdentity.TryGetValue(finding.Identity, out var declared) ? declared.Position.ToString() : null,
        Message = finding.Message.Length <= 500 ? finding.Message : finding.Message[..500] + "…",
    };

    private static IReadOnlyList<ObjectNote>? Bound(List<ObjectNote> notes) => notes.Count == 0 ? null : [.. notes.Take(GitSourceStatus.ListLimit)];

    private static IReadOnlyList<AppliedRevision>? History(GitSourceStatus before, SourceState state, DateTimeOffset now, TimeSpan monotonic)
    {
        var revision = state.InForce!;
        if (before.LastAppliedCommit == revision.Target.Commit)
        {
            return before.History;
        }

        var entry = new AppliedRevision
        {
            Revision = revision.Revision,
            Author = revision.Commit.Author,
            AppliedAt = now,
            Duration = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(monotonic - (state.NoticedAt ?? monotonic)).TotalMilliseconds:0}ms"),
            Created = state.Tally.Created,
            Configured = state.Tally.Configured,
            Pruned = state.Tally.Pruned,
        };
        return [entry, .. (before.History ?? []).Take(GitSourceStatus.HistoryLimit - 1)];
    }

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
