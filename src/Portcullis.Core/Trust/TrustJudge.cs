
namespace Portcullis.Core.Trust;

/// <summary>Judges a TrustDelegation from what came of each of its repositories.</summary>
public static class TrustJudge
{
    /// <summary>The most repositories of one declaration.</summary>
    public const int MostRepositories = 500;

    private static readonly TimeSpan CheckEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan WhenMissing = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WhenAway = TimeSpan.FromSeconds(10);

    /// <summary>What the declaration names may be written a moment later by the same commit.</summary>
    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(5);

    /// <summary>A declaration that names what is not there: nothing was read.</summary>
    public static Reconciled<TrustDelegationStatus> Judge(TrustDelegation declared, IReadOnlyList<Problem> problems) => new(
        new Outcome.Waiting(problems[0].Reason, Problem.Join([.. problems]), WhenMissing) { ReportAfter = Soonest },
        new TrustDelegationStatus { RootKeys = declared.Status?.RootKeys, Repositories = declared.Status?.Repositories });

    /// <param name="declared">The declaration.</param>
    /// <param name="reports">What came of each repository, at least one.</param>
    /// <param name="now">By which the next look is timed.</param>
    public static Reconciled<TrustDelegationStatus> Judge(TrustDelegation declared, IReadOnlyList<TrustReport> reports, DateTimeOffset now)
    {
        List<TrustReport> sorted = [.. reports.OrderBy(r => NeedsSomebody(r) ? 0 : 1).ThenBy(r => r.State).ThenBy(r => r.Repository, StringComparer.Ordinal)];
        var before = (declared.Status?.Repositories ?? []).ToDictionary(r => r.Repository, StringComparer.Ordinal);
        var status = new TrustDelegationStatus
        {
            Count = reports.Count,
            Published = Count(reports, r => r.State == TrustState.Published),
            Pending = Count(reports, r => r.State == TrustState.Pending),
            Drifted = Count(reports, r => r.Plan.Drift.Count > 0),
            ExpiresAt = reports.Select(TrustStatus.EndOf).Min(),
            RootKeys = RootKeysOf(reports) ?? declared.Status?.RootKeys,
            Repositories = [.. sorted.Select((r, i) => TrustStatus.Of(r, before.GetValueOrDefault(r.Repository), i < TrustStatus.Detailed))],
        };
        return new Reconciled<TrustDelegationStatus>(OutcomeOf(reports, now), status) { Events = [.. TrustEvents.Of(sorted, before)] };
    }

    private static bool NeedsSomebody(TrustReport report) => report.State != TrustState.Published || report.Plan.Reason is not null;

    private static int? Count(IReadOnlyList<TrustReport> reports, Func<TrustReport, bool> counts) => reports.Count(counts);

    /// <summary>Those that are pinned, and while one of them is replaced also the one before.</summary>
    private static List<string>? RootKeysOf(IReadOnlyList<TrustReport> reports) =>
        reports.SelectMany(r => r.Observed.Declared.RootKeys.Concat(r.Trust?.Root.RootKeys ?? [])).Select(k => k.CanonicalId).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(20).ToList() is { Count: > 0 } ids ? ids : null;

    private static Outcome OutcomeOf(IReadOnlyList<TrustReport> reports, DateTimeOffset now)
    {
        var next = reports.Select(r => r.Plan.NextChange).Min();
        var again = next is { } at && RecheckTime.Before(at > now ? at - now : TimeSpan.Zero) is var soon && soon < CheckEvery ? soon : CheckEvery;
        if (Outcome.Failed.Among(reports.SelectMany(r => r.Results)) is { } failed)
        {
            return failed;
        }

        var worst = reports.OrderBy(r => r.State).ThenBy(r => r.Repository, StringComparer.Ordinal).First();
        var text = $"{worst.Repository}: {worst.Message}{More(reports.Count(r => r.State == worst.State) - 1)}";
        return worst.State switch
        {
            TrustState.Unreachable => new Outcome.Waiting(worst.Plan.Reason ?? TrustReasons.NotaryUnreachable, text, WhenAway) { IsWarning = true },
            TrustState.Conflict or TrustState.Rejected or TrustState.Pending => new Outcome.Stalled(worst.Plan.Reason ?? TrustReasons.TrustRejected, text) { CheckAgainIn = again, ReportAfter = Soonest },
            TrustState.Uninitialized => new Outcome.Stalled(TrustReasons.NotInitialized, text) { CheckAgainIn = WhenMissing, ReportAfter = Soonest },
            _ => Ready(reports, again),
        };
    }

    private static Outcome.Ready Ready(IReadOnlyList<TrustReport> reports, TimeSpan again)
    {
        var remarks = reports.Where(r => r.Plan.Reason is not null).OrderBy(r => r.Repository, StringComparer.Ordinal).ToList();
        var roles = reports.Sum(r => r.Observed.Declared.Roles.Count);
        var text = $"trust data of {Pluralize.Of(reports.Count, "repository", "repositories")} is as declared, with {Pluralize.Of(roles, "delegation")}";
        return remarks.Count == 0
            ? new Outcome.Ready(text, again)
            : new Outcome.Ready($"{text}; {remarks[0].Repository}: {remarks[0].Message}{More(remarks.Count - 1)}", again) { Reason = remarks[0].Plan.Reason! };
    }

    private static string More(int count) => count > 0 ? FormattableString.Invariant($"; and {count} more") : "";
}
