using System.Text.Json.Nodes;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Kept;
using Portcullis.Core.Roles;
using Portcullis.Drift;
using Portcullis.Kept;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Roles;

/// <summary>Keeps ClusterRoles saying what their roles say.</summary>
internal sealed class ClusterRoles(ActionRunner runner, ClusterRoleExecutor executor, UntypedStores stores, DriftLedger ledger, KubernetesClient client)
{
    /// <summary>Makes the ClusterRole right.</summary>
    public Task<IReadOnlyList<ActionResult>> EnsureAsync(ResolvedRole role, CancellationToken cancellationToken)
    {
        var key = ObjectKey.Cluster(role.ClusterRoleName);
        var actions = ClusterRolePlanner.Plan(role, Present(key));
        if (actions.Count == 0)
        {
            ledger.InPlace(ClusterKinds.ClusterRole, key, role.ClusterRole());
        }

        return runner.RunAsync("roles", actions, executor, cancellationToken);
    }

    /// <summary>
    /// Deletes the ClusterRole of a role that leaves, if the server has one: the store may not show yet what was written a moment ago, or what was
    /// never answered, and nobody would come back for it.
    /// </summary>
    public async Task<IReadOnlyList<ActionResult>> RemoveAsync(string role, CancellationToken cancellationToken)
    {
        var present = await client.GetAsync(ClusterKinds.ClusterRole, ObjectKey.Cluster(ResolvedRole.ClusterRolePrefix + role), cancellationToken);
        return await runner.RunAsync("roles", ClusterRolePlanner.PlanLeaving(role, present), executor, cancellationToken);
    }

    private JsonObject? Present(ObjectKey key) => stores.Of(ClusterKinds.ClusterRole, WellKnown.Labels.ManagedSelector).Get(key);
}

/// <summary>Writes and deletes ClusterRoles.</summary>
internal sealed class ClusterRoleExecutor(KubernetesClient client, KeptObjectWriter writer, DriftLedger ledger) : IActionExecutor<ClusterRoleAction>
{
    private static readonly WriteOptions Writer = new(WellKnown.Managers.Roles);

    public Task<Attribution?> AttributeAsync(ClusterRoleAction action, CancellationToken cancellationToken) => action is ClusterRoleAction.Apply apply
        ? ledger.AttributeAsync(
            ClusterKinds.ClusterRole, apply.Key, apply.Body, apply.Exists, cancellationToken, also: live => KeptState.Holds(apply.Body, live))
        : Task.FromResult<Attribution?>(null);

    public async Task ExecuteAsync(ClusterRoleAction action, CancellationToken cancellationToken)
    {
        if (action is ClusterRoleAction.Apply apply)
        {
            if (apply.IsAggregated)
            {
                var patch = new JsonObject { ["aggregationRule"] = null };
                await client.MergePatchAsync(ClusterKinds.ClusterRole, apply.Key, patch, Writer, cancellationToken);
            }

            _ = apply.Exists
                ? await writer.ChangeAsync(ClusterKinds.ClusterRole, apply.Key, apply.Body, Writer.FieldManager, cancellationToken)
                : await writer.MakeAsync(ClusterKinds.ClusterRole, apply.Key, apply.Body, Writer.FieldManager, adopts: false, cancellationToken);
            ledger.InPlace(ClusterKinds.ClusterRole, apply.Key, apply.Body);
            return;
        }

        await client.DeleteAsync(ClusterKinds.ClusterRole, action.Key, new DeleteOptions(), cancellationToken);
        ledger.Forget(ClusterKinds.ClusterRole, action.Key);
    }
}
