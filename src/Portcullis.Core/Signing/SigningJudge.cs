using System.Globalization;

namespace Portcullis.Core.Signing;

/// <summary>Reports a policy: whether its teams can sign at all, and which of the running workloads it would refuse.</summary>
public static class SigningJudge
{
    private const int Shown = 50;

    /// <summary>Signatures come without a change of any object.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan WhenAway = TimeSpan.FromMinutes(1);

    /// <summary>The webhooks are registered a moment after the first policy is there.</summary>
    private static readonly TimeSpan WhenNotEnforced = TimeSpan.FromSeconds(5);

    public static Reconciled<SigningPolicyStatus> Judge(SigningObservation observed, DateTimeOffset now)
    {
        var (spec, before) = (observed.Policy.Spec, observed.Policy.Status);
        var status = new SigningPolicyStatus
        {
            EnforcedSince = spec.Mode == SigningMode.Enforce ? before?.EnforcedSince ?? now : null,
            Teams = spec.Teams().Count == 0 ? null : [.. spec.Teams().Select(t => StatusOf(t, observed.Teams))],
            Impact = observed.Workloads is { } workloads ? ImpactOf(workloads, before?.Impact, now) : spec.Mode == SigningMode.Off ? null : before?.Impact,
        };
        IReadOnlyList<Problem> problems = [.. TeamProblems(status)];
        Outcome outcome = observed.Away is { } away ? new Outcome.Waiting(away.Reason, away.Message, WhenAway) { IsWarning = true }
            : observed.Gap is { } gap ? new Outcome.Waiting(SigningReasons.NotEnforced, $"every image runs: {gap}", WhenNotEnforced)
            : problems.Count > 0 ? Outcome.Stalled.By(problems) with { CheckAgainIn = LookAgain }
            : new Outcome.Ready(Words(spec, status.Impact), spec.Mode == SigningMode.Off ? null : LookAgain) { Reason = status.Impact?.Refused > 0 ? SigningReasons.WouldRefuse : "Succeeded" };
        return new Reconciled<SigningPolicyStatus>(outcome, status) { Events = [.. Events(observed.Policy, status.Impact, before?.Impact)] };
    }

    private static SigningTeamStatus StatusOf(RequiredTeam required, TeamKeys teams)
    {
        var team = teams.Find(required.Team);
        return new SigningTeamStatus { Team = required.Team, Threshold = required.Count(), Members = team?.MemberKeys.Count ?? 0, WithKeys = team?.WithKeys ?? 0 };
    }

    private static IEnumerable<Problem> TeamProblems(SigningPolicyStatus status) =>
        from team in status.Teams ?? []
        where team.WithKeys < team.Threshold
        select team.Members == 0
            ? new Problem(SigningReasons.TeamMissing, "spec.required", $"the team {team.Team} does not exist, or has no members: no image can have its signature")
            : new Problem(
                SigningReasons.TooFewSigners,
                "spec.required",
                string.Create(CultureInfo.InvariantCulture, $"{team.WithKeys} of {Pluralize.Of(team.Members, "member")} of {team.Team} have a public key that can sign, and {team.Threshold} must sign: no image can have its signature"));

    private static SigningImpact ImpactOf(IReadOnlyList<JudgedWorkload> workloads, SigningImpact? before, DateTimeOffset now)
    {
        var refused = workloads.Where(w => w.Images.Any(i => i.Problem is not null)).OrderBy(w => w.Name, StringComparer.Ordinal).ToList();
        var found = new SigningImpact
        {
            At = now,
            Workloads = workloads.Count,
            Refused = refused.Count,
            Images = workloads.SelectMany(w => w.Images).Select(i => i.Image).Distinct(StringComparer.Ordinal).Count(),
            Refusals = refused.Count == 0 ? null : [.. refused.Take(Shown).Select(Shortened)],
        };
        return before is not null && IsSame(before, found) ? before : found;
    }

    private static RefusedWorkload Shortened(JudgedWorkload workload)
    {
        var first = workload.Images.First(i => i.Problem is not null);
        return new RefusedWorkload { Workload = workload.Name, Image = ShownText.Of(first.Image), Reason = ShownText.Of(first.Problem!) };
    }

    /// <summary>A report that says the same keeps its time, so that the status is not written for nothing.</summary>
    private static bool IsSame(SigningImpact left, SigningImpact right) =>
        (left with { Refusals = null }) == (right with { Refusals = null, At = left.At }) && (left.Refusals ?? []).SequenceEqual(right.Refusals ?? []);

    private static string Words(SigningPolicySpec spec, SigningImpact? impact) => (spec.Mode, impact) switch
    {
        (SigningMode.Off, _) => "the policy is off",
        (_, null) => "no report of the workloads yet",
        (SigningMode.Enforce, { Refused: > 0 }) => $"enforced; {Pluralize.Of(impact.Refused, "workload")} of {impact.Workloads.ToString(CultureInfo.InvariantCulture)} that run now would be refused if made anew",
        (SigningMode.Enforce, _) => $"enforced; all of {Pluralize.Of(impact.Workloads, "workload")} satisfy it",
        (_, { Refused: > 0 }) => $"audited; {Pluralize.Of(impact.Refused, "workload")} of {impact.Workloads.ToString(CultureInfo.InvariantCulture)} would be refused if it were enforced",
        _ => $"audited; all of {Pluralize.Of(impact.Workloads, "workload")} satisfy it",
    };

    /// <summary>What would be refused and was not so at the last time.</summary>
    private static IEnumerable<ReportedEvent> Events(SigningPolicy policy, SigningImpact? now, SigningImpact? before) =>
        (now?.Refusals ?? []).Where(r => !(before?.Refusals ?? []).Contains(r)).Select(r => new ReportedEvent(
            Warning: true, SigningReasons.WouldRefuse, $"{r.Workload} {(policy.Spec.Mode == SigningMode.Enforce ? "would be refused if it were made anew" : "would be refused if the policy were enforced")}: {r.Reason}"));
}
