using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Kubernetes.Declarations;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Secrets;

/// <summary>Registration of how Secrets are read; called by every kind that refers to one.</summary>
internal static class SecretServices
{
    public static IServiceCollection AddBoundSecrets(this IServiceCollection services)
    {
        services.TryAddSingleton<DynamicStores>();
        services.TryAddSingleton<BoundSecrets>();
        services.TryAddSingleton(s => new DeclaringSources(s.GetService<IDeclarations>()));
        services.TryAddSingleton<SecretWatch>();
        services.TryAddSingleton(typeof(SecretDependents<>));
        return services;
    }
}
