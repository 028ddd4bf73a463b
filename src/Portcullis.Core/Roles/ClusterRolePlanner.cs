using System.Text.Json.Nodes;
using Portcullis.Core.Kept;

namespace Portcullis.Core.Roles;

/// <summary>What to do so that a role's ClusterRole says exactly what the role says.</summary>
public static class ClusterRolePlanner
{
    /// <summary><paramref name="present"/> is the ClusterRole as it is; null when there is none.</summary>
    public static IReadOnlyList<ClusterRoleAction> Plan(ResolvedRole role, JsonObject? present)
    {
        // With an aggregationRule the API server's controller writes the rules, whatever we say they are.
        var body = role.ClusterRole();
        var isAggregated = present?["aggregationRule"] is not null;
        return !isAggregated && KeptState.Holds(body, present)
            ? []
            : [new ClusterRoleAction.Apply(ObjectKey.Cluster(role.ClusterRoleName), body, present is not null) { IsAggregated = isAggregated }];
    }

    /// <summary>For a role that leaves. One that never had a ClusterRole needs no right to delete one.</summary>
    public static IReadOnlyList<ClusterRoleAction> PlanLeaving(string role, JsonObject? present) =>
        present is null || BuiltInRoles.Find(role) is not null ? [] : [new ClusterRoleAction.Delete(ObjectKey.Cluster(ResolvedRole.ClusterRolePrefix + role))];
}
