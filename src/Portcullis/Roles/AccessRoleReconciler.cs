using Portcullis.Core.Grants;
using Portcullis.Core.Roles;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Roles;

/// <summary>Keeps a custom role's ClusterRole.</summary>
internal sealed class AccessRoleReconciler(ClusterRoles clusterRoles, IStore<Grant> grants) : IReconciler<AccessRole, AccessRoleStatus>, IFinalizer<AccessRole>
{
    public async Task<Reconciled<AccessRoleStatus>> ReconcileAsync(AccessRole resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        var (role, problems) = RoleResolution.Of(resource.Key.Name, resource.Spec);
        return problems.Count > 0
            ? AccessRoleJudge.JudgeRefused(problems)
            : AccessRoleJudge.Judge(role, await clusterRoles.EnsureAsync(role, cancellationToken));
    }

    public async Task<Outcome?> FinalizeAsync(AccessRole resource, ReconcileContext context, CancellationToken cancellationToken) =>
        AccessRoleJudge.AwaitedBy(HoldersOf(resource)) ?? AccessRoleJudge.JudgeLeaving(await clusterRoles.RemoveAsync(resource.Key.Name, cancellationToken));

    /// <summary>The grants that name the role; nobody can hold a role that has a built-in one's name.</summary>
    private IReadOnlyList<string> HoldersOf(AccessRole resource) => BuiltInRoles.Find(resource.Key.Name) is not null
        ? []
        : [.. grants.List().Where(g => g.Spec.Role == resource.Key.Name && !g.Metadata.IsBeingDeleted).Select(g => g.Key.Name).Order(StringComparer.Ordinal)];
}
