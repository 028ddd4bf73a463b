using Portcullis.Core;
using Portcullis.Core.Grants;
using Portcullis.Core.Roles;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Roles;

/// <summary>Keeps a custom role's ClusterRole. A role that somebody holds is not deleted under them: the grants go first.</summary>
internal sealed class AccessRoleReconciler(ClusterRoles clusterRoles, IStore<Grant> grants) : IReconciler<AccessRole, AccessRoleStatus>, IFinalizer<AccessRole>
{
    /// <summary>config/rbac lets the operator give the built-in roles alone.</summary>
    private const string MissingRight = "let the operator give it by a ClusterRole with the label rbac.portcullis.dev/aggregate-to-operator=true (docs/access.md)";

    /// <summary>Nothing tells when a right has come.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    public async Task<Reconciled<AccessRoleStatus>> ReconcileAsync(AccessRole resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        var (role, problems) = RoleResolver.Resolve(resource.Key.Name, resource.Spec);
        if (problems.Count > 0)
        {
            // The ClusterRole, if there is one, stays as it was; grants that name the role say why they give nothing.
            return new Reconciled<AccessRoleStatus>(
                new Outcome.Stalled(GrantReasons.RoleRefused, string.Join("; ", problems.Take(5).Select(p => $"{p.Field}: {p.Message}"))), new AccessRoleStatus());
        }

        ReportedEvent? reverted;
        try
        {
            reverted = await clusterRoles.EnsureAsync(role, cancellationToken);
        }
        catch (KubernetesApiException refused) when (refused.IsForbidden)
        {
            return new Reconciled<AccessRoleStatus>(new Outcome.Waiting("Forbidden", $"{refused.Message}; {MissingRight}", LookAgain), new AccessRoleStatus());
        }

        var outside = role.OutsideKubernetes;
        var status = new AccessRoleStatus
        {
            ClusterRole = role.ClusterRoleName,
            Rules = role.Rules.Count,
            Options = role.Options.Count == 0 ? null : string.Join(",", role.Options),
            OutsideKubernetes = outside.Count == 0 ? null : outside,
        };
        var words = outside.Count == 0 ? "" : $"; without meaning in Kubernetes: {Counted.Of(outside.Count, "operation")}";
        return new Reconciled<AccessRoleStatus>(new Outcome.Ready($"{Counted.Of(role.Rules.Count, "rule")} in ClusterRole {role.ClusterRoleName}{words}"), status)
        {
            Events = reverted is null ? [] : [reverted],
        };
    }

    public async Task<Outcome.Waiting?> FinalizeAsync(AccessRole resource, CancellationToken cancellationToken)
    {
        if (BuiltInRoles.Find(resource.Key.Name) is not null)
        {
            return null;
        }

        var users = grants.List().Where(g => g.Spec.Role == resource.Key.Name && !g.Metadata.IsBeingDeleted).Select(g => g.Key.Name).Order(StringComparer.Ordinal).ToList();
        if (users.Count > 0)
        {
            return new Outcome.Waiting("InUse", $"still in {Counted.Of(users.Count, "grant")}, {users[0]} among them", TimeSpan.FromSeconds(30));
        }

        await clusterRoles.RemoveAsync(resource.Key.Name, cancellationToken);
        return null;
    }
}
