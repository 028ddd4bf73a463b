using Microsoft.Extensions.DependencyInjection;
using Portcullis.Core.Identity;
using Portcullis.Kubernetes.Hosting;

namespace Portcullis.Identity;

/// <summary>Registration of identity providers in the operator.</summary>
internal static class IdentityProviderServices
{
    public static IServiceCollection AddIdentityProviders(this IServiceCollection services) =>
        services.AddController<IdentityProvider, IdentityProviderStatus, IdentityProviderReconciler>();
}
