using Portcullis.Core.Access;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Grants;

/// <summary>What is true of a grant after its bindings were worked on, as read back, not as desired.</summary>
public sealed record GrantReadBack(GrantResolution Resolution)
{
    /// <summary>The namespaces reached in which the bindings give every subject the role.</summary>
    public IReadOnlyList<string> InForce { get; init; } = [];

    /// <summary>The ClusterRole of its role is another's; null when it is ours.</summary>
    public Problem? RoleProblem { get; init; }

    /// <summary>The state that was reported last; null when none was.</summary>
    public string? StateBefore { get; init; }
}

/// <summary>Judges a grant from the bindings as they are now, and from what failed on its behalf.</summary>
public static class GrantJudge
{
    private const int Shown = 20;

    private static readonly TimeSpan RetryIn = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RetryWhenIdle = TimeSpan.FromMinutes(10);

    /// <summary>What a namespace or repository of the same commit may take to be there.</summary>
    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(5);

    /// <summary>A commit that declares collections with their grants has made the namespaces within this, thousands of them too.</summary>
    private static readonly TimeSpan Moments = TimeSpan.FromMinutes(1);

    public static Reconciled<GrantStatus> Judge(GrantReadBack seen, IReadOnlyList<ActionResult> results, DateTimeOffset now)
    {
        var resolution = seen.Resolution;
        var failures = FailuresOf(resolution.Grant.Key, results);
        var reverts = Reverts(results);
        if (resolution.Problem is { } problem)
        {
            // What it gave before must go all the same, and is tried again until it has gone.
            Outcome outcome = failures.Count > 0
                ? Outcome.Failed.By([.. failures, new ActionResult.Failed(failures[0].Action, problem)])
                : Outcome.Stalled.By([problem]) with { ReportAfter = problem.Reason is AccessReasons.UnknownCollection or AccessReasons.UnknownRole or AccessReasons.UnknownOrganization ? Soonest : null };
            return new Reconciled<GrantStatus>(outcome, new GrantStatus()) { Events = reverts };
        }

        var effect = EffectOf(resolution, seen.InForce);
        var judged = OutcomeOf(seen, effect, failures, now);
        return new Reconciled<GrantStatus>(judged, new GrantStatus { Effective = effect })
        {
            Events = ByTheClock(effect.State, seen.StateBefore, judged) is { } turned ? [.. reverts, turned] : reverts,
        };
    }

    /// <summary>What keeps a grant that is being deleted: whatever of its role could not be taken away. Null when nothing does.</summary>
    public static Outcome? JudgeLeaving(AccessGrant grant, IReadOnlyList<ActionResult> results) => Outcome.Failed.Among(
        results.Where(r => r.Action is BindingAction binding && binding.Effect == ActionEffect.Narrow
            && (binding.OnBehalfOf.Contains(grant.Key) || BindingPlanner.IsOf(grant.Spec.Role.ToLowerInvariant(), binding.Key.Name))));

    /// <summary>The Event about a binding that somebody else had made, changed or deleted.</summary>
    public static ReportedEvent? RevertOf(ActionResult result) => result switch
    {
        ActionResult.Done { Action: BindingAction.Delete action, Reverted: { } by } =>
            new ReportedEvent(Warning: true, GrantReasons.BindingReverted, $"{action.Id} was created {by}; removed, because no Grant declares it"),
        ActionResult.Done { Action: BindingAction action, Reverted: { } by } =>
            Drift.DriftEvents.PutBack(GrantReasons.BindingReverted, action.Id, action is BindingAction.Apply { Exists: false }, by),
        _ => null,
    };

    private static IReadOnlyList<ReportedEvent> Reverts(IReadOnlyList<ActionResult> results) => [.. results.Select(RevertOf).OfType<ReportedEvent>()];

    private static List<ActionResult.Failed> FailuresOf(ObjectKey grant, IReadOnlyList<ActionResult> results) =>
        [.. results.OfType<ActionResult.Failed>().Where(f => f.Action.OnBehalfOf.Contains(grant))];

    private static GrantEffect EffectOf(GrantResolution resolution, IReadOnlyList<string> inForce) => new()
    {
        State = resolution.State.ToString(),
        ClusterRole = resolution.Role!.ClusterRoleName,
        Namespaces = inForce.Count,
        FirstNamespaces = inForce.Count == 0 ? null : [.. inForce.Take(Shown)],
        Subjects = resolution.Subjects.Count,
        FirstSubjects = resolution.Subjects.Count == 0 ? null : [.. resolution.Subjects.Take(Shown).Select(s => s.ToString())],
        RepositoryPatterns = resolution.Grant.Spec.RepositoryPermission is null ? null : resolution.RepositoryPatterns,
        NextChange = resolution.NextChange,
    };

    /// <summary>
    /// A binding is shared by the grants of its role. What failed to widen it is the failure of those that are not in force; what failed to
    /// narrow it is everybody's whom it concerns.
    /// </summary>
    private static Outcome OutcomeOf(GrantReadBack seen, GrantEffect effect, List<ActionResult.Failed> failures, DateTimeOffset now)
    {
        var resolution = seen.Resolution;
        var isBound = resolution.State == GrantState.Active && !resolution.Role!.IsEmpty && resolution.Subjects.Count > 0;
        var missing = isBound ? resolution.Namespaces.Count - effect.Namespaces : 0;
        if (missing == 0)
        {
            failures = [.. failures.Where(f => f.Action.Effect == ActionEffect.Narrow)];
        }

        if (Outcome.Failed.Among(failures) is { } failed)
        {
            return failed;
        }

        if (isBound && seen.RoleProblem is { } foreign)
        {
            return new Outcome.Waiting(foreign.Reason, foreign.Message, RetryIn);
        }

        if (missing > 0)
        {
            return new Outcome.Waiting(
                GrantReasons.BindingsNotInForce, $"not yet in force in {missing} of {Pluralize.Of(resolution.Namespaces.Count, "namespace")}", RetryIn);
        }

        if (isBound && resolution.CollectionProblem is { } wrong)
        {
            return new Outcome.Waiting(GrantReasons.CollectionNotReady, $"{Words(resolution, effect)}; the collection {resolution.Grant.Spec.Collection}: {wrong.Message}", WhenIdle(resolution, now));
        }

        if (isBound && resolution.NamespacesToCome > 0)
        {
            return new Outcome.Waiting(
                GrantReasons.BindingsNotInForce, $"{Pluralize.Of(resolution.NamespacesToCome, "namespace")} of its collection {(resolution.NamespacesToCome == 1 ? "does" : "do")} not exist yet", WhenIdle(resolution, now))
            {
                ReportAfter = Moments,
            };
        }

        if (isBound && resolution is { Namespaces.Count: 0, RepositoryPatterns: 0 })
        {
            return new Outcome.Waiting(
                GrantReasons.NothingInReach, $"it gives nothing yet: no namespace and no repository is in its reach from {resolution.Grant.Spec.Collection}", WhenIdle(resolution, now))
            {
                ReportAfter = Soonest,
            };
        }

        return new Outcome.Ready(Words(resolution, effect), resolution.NextChange is { } next ? RecheckTime.Before(next - now) : null);
    }

    private static string Words(GrantResolution resolution, GrantEffect effect)
    {
        var spec = resolution.Grant.Spec;
        var until = spec.ExpiresAt is { } end ? $" until {KubernetesJson.Time(end)}" : "";
        return resolution switch
        {
            { State: GrantState.Pending } => $"in force from {KubernetesJson.Time(spec.StartsAt!.Value)}",
            { State: GrantState.Expired } => $"expired at {KubernetesJson.Time(spec.ExpiresAt!.Value)}",
            { Subjects.Count: 0, Role.IsEmpty: false } => $"the {spec.Subject.Kind} {spec.Subject.Name} has no members{until}",
            { Role.IsEmpty: true } => $"{OnRepositories(spec, resolution, "", "; ")}the role grants nothing in Kubernetes{until}",
            _ => $"{Pluralize.Of(effect.Subjects, "subject")} in {Pluralize.Of(effect.Namespaces, "namespace")}{OnRepositories(spec, resolution, "; ", "")}{until}",
        };
    }

    /// <summary>What it gives in registries, between two marks; nothing when it gives nothing there.</summary>
    private static string OnRepositories(GrantSpec spec, GrantResolution resolution, string before, string after) => spec.RepositoryPermission switch
    {
        null => "",
        var permission => $"{before}{PermissionWords(permission.Value)} on {Pluralize.Of(resolution.RepositoryPatterns, "repository pattern")}{after}",
    };

    private static string PermissionWords(RepositoryPermission permission) => permission switch
    {
        RepositoryPermission.Read => "read",
        RepositoryPermission.Sign => "sign",
        RepositoryPermission.ReadWrite => "readWrite",
        _ => "admin",
    };

    /// <summary>That access began or ended is worth an Event, though nobody changed anything and the grant was Ready before and after.</summary>
    private static ReportedEvent? ByTheClock(string state, string? before, Outcome outcome) =>
        outcome is Outcome.Ready ready && before is not null && before != state
            ? new ReportedEvent(Warning: false, state == nameof(GrantState.Active) ? GrantReasons.Started : state, ready.Message)
            : null;

    /// <summary>What it waits for is watched; the clock is not.</summary>
    private static TimeSpan WhenIdle(GrantResolution resolution, DateTimeOffset now) =>
        resolution.NextChange is { } next && RecheckTime.Before(next - now) is var change && change < RetryWhenIdle ? change : RetryWhenIdle;
}
