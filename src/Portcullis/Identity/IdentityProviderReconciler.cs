using Portcullis.Core.Identity;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Identity;

/// <summary>Reports whether a provider can be used, and confirms it to the gateways.</summary>
internal sealed class IdentityProviderReconciler : IReconciler<IdentityProvider, IdentityProviderStatus>
{
    public Task<Reconciled<IdentityProviderStatus>> ReconcileAsync(IdentityProvider resource, ReconcileContext context, CancellationToken cancellationToken) =>
        Task.FromResult(IdentityProviderJudge.Judge(resource.Spec));
}
