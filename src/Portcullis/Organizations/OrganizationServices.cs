using Microsoft.Extensions.DependencyInjection;
using Portcullis.Core.Organizations;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Secrets;

namespace Portcullis.Organizations;

/// <summary>Registration of organizations.</summary>
internal static class OrganizationServices
{
    public static IServiceCollection AddOrganizations(this IServiceCollection services) =>
        services.AddBoundSecrets().AddController<Organization, OrganizationStatus, OrganizationReconciler>();
}
