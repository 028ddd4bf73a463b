namespace Portcullis.Core.Roles;

/// <summary>Judges a role after its ClusterRole was written.</summary>
public static class AccessRoleJudge
{
    /// <summary>config/rbac allows the operator to give only the built-in roles.</summary>
    private const string MissingRight =
        "allow this with a ClusterRole labelled rbac.portcullis.dev/aggregate-to-operator=true (docs/access.md)";

    /// <summary>No watch reports that a right was given.</summary>
    private static readonly TimeSpan RetryForbidden = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RetryInUse = TimeSpan.FromSeconds(30);

    /// <summary>The role cannot be used. Its ClusterRole, if there is one, stays as it was; grants that name the role say why they give nothing.</summary>
    public static Reconciled<AccessRoleStatus> JudgeRefused(IReadOnlyList<Problem> problems) => new(Outcome.Stalled.By(problems), new AccessRoleStatus());

    public static Reconciled<AccessRoleStatus> Judge(ResolvedRole role, IReadOnlyList<ActionResult> results)
    {
        if (Failure(results) is { } failed)
        {
            return new Reconciled<AccessRoleStatus>(failed, new AccessRoleStatus());
        }

        var outside = role.OutsideKubernetes;
        var status = new AccessRoleStatus
        {
            ClusterRole = role.ClusterRoleName,
            Rules = role.Rules.Count,
            Options = role.Options.Count == 0 ? null : string.Join(",", role.Options),
            OutsideKubernetes = outside.Count == 0 ? null : outside,
        };
        var words = outside.Count == 0 ? "" : $"; not applicable in Kubernetes: {Pluralize.Of(outside.Count, "operation")}";
        return new Reconciled<AccessRoleStatus>(new Outcome.Ready($"{Pluralize.Of(role.Rules.Count, "rule")} in ClusterRole {role.ClusterRoleName}{words}"), status)
        {
            Events = [.. results.Select(RevertOf).OfType<ReportedEvent>()],
        };
    }

    /// <summary>A role that somebody holds is not deleted: the grants go first. Null when nobody does.</summary>
    public static Outcome? AwaitedBy(IReadOnlyList<string> grants) => grants.Count == 0
        ? null
        : new Outcome.Waiting(RoleReasons.InUse, $"still used by {Pluralize.Of(grants.Count, "grant")}, including {grants[0]}", RetryInUse);

    /// <summary>What keeps a role that is being deleted; null when it may go.</summary>
    public static Outcome? JudgeLeaving(IReadOnlyList<ActionResult> results) => Failure(results);

    /// <summary>The Event about a ClusterRole that somebody else had changed or deleted.</summary>
    public static ReportedEvent? RevertOf(ActionResult result) => result is ActionResult.Done { Action: ClusterRoleAction.Apply apply, Reverted: { } by }
        ? Drift.DriftEvents.PutBack(RoleReasons.RoleReverted, apply.Id, !apply.Exists, by)
        : null;

    private static Outcome? Failure(IReadOnlyList<ActionResult> results) => Outcome.Failed.Among(results) switch
    {
        { Reason: RoleReasons.Forbidden } failed => new Outcome.Waiting(failed.Reason, $"{failed.Message}; {MissingRight}", RetryForbidden) { IsWarning = true },
        var other => other,
    };
}
