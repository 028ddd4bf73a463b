using Portcullis.Core.Organizations;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Organizations;

/// <summary>Reports what an organization amounts to; grants that name it put it into force.</summary>
internal sealed class OrganizationReconciler : IReconciler<Organization, OrganizationStatus>
{
    public Task<Reconciled<OrganizationStatus>> ReconcileAsync(Organization resource, ReconcileContext context, CancellationToken cancellationToken) =>
        Task.FromResult(OrganizationJudge.Judge(resource.Spec));
}
