using System.Text.Json.Nodes;

namespace Portcullis.Core.Roles;

/// <summary>What to do to the ClusterRole of a role.</summary>
public abstract record ClusterRoleAction(ObjectKey Key) : PlannedAction
{
    public override string Id => $"ClusterRole {Key}";

    /// <summary>Make it, or make it say the right thing again.</summary>
    public sealed record Apply(ObjectKey Key, JsonObject Body, bool Exists) : ClusterRoleAction(Key)
    {
        /// <summary>Somebody put an aggregationRule on it, which must be taken off: then others' rules count as ours.</summary>
        public bool IsAggregated { get; init; }

        public override string Describe() => $"{(Exists ? "change" : "create")} ClusterRole {Key}";
    }

    /// <summary>The role is gone.</summary>
    public sealed record Delete(ObjectKey Key) : ClusterRoleAction(Key)
    {
        public override ActionEffect Effect => ActionEffect.Narrow;

        public override string Describe() => $"delete ClusterRole {Key}";
    }
}
