using Portcullis.Core;
using Portcullis.Core.Drift;
using Portcullis.Core.Roles;
using Portcullis.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;

namespace Portcullis.Roles;

/// <summary>Keeps ClusterRoles saying what their roles say.</summary>
internal sealed class ClusterRoles(IKubernetesClient client, UntypedStores stores, DriftLedger ledger)
{
    public const string Selector = WellKnown.Labels.ManagedBy + "=" + WellKnown.Labels.ManagedByValue;

    private static readonly WriteOptions Writer = new(WellKnown.Managers.Roles);

    /// <summary>Puts the ClusterRole in place; an Event when somebody else had changed it.</summary>
    public async Task<ReportedEvent?> EnsureAsync(ResolvedRole role, CancellationToken cancellationToken)
    {
        var key = ObjectKey.Cluster(role.ClusterRoleName);
        var body = role.ClusterRole();
        var present = stores.Of(ClusterKinds.ClusterRole, Selector).Get(key);
        if (DesiredState.Holds(body, present))
        {
            ledger.InPlace(ClusterKinds.ClusterRole, key, body);
            return null;
        }

        var by = await ledger.AttributeAsync(ClusterKinds.ClusterRole, key, body, present is not null, cancellationToken);
        await client.ApplyAsync(ClusterKinds.ClusterRole, body, Writer, cancellationToken);
        ledger.InPlace(ClusterKinds.ClusterRole, key, body);
        return by is null ? null : new ReportedEvent(Warning: true, "RoleReverted", $"ClusterRole {key} was {(present is null ? "deleted" : "changed")} {by}; put back as declared");
    }

    public async Task RemoveAsync(string role, CancellationToken cancellationToken)
    {
        var key = ObjectKey.Cluster(ResolvedRole.ClusterRolePrefix + role);
        await client.DeleteAsync(ClusterKinds.ClusterRole, key, new DeleteOptions(), cancellationToken);
        ledger.Forget(ClusterKinds.ClusterRole, key);
    }
}
