using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Core;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Secrets;

namespace Portcullis.Registries;

/// <summary>Registration of registries and of the ways to them.</summary>
internal static class RegistryServices
{
    /// <summary>The ways to registries; called by everything that speaks to one.</summary>
    public static IServiceCollection AddRegistryConnections(this IServiceCollection services)
    {
        services.AddBoundSecrets();
        services.AddStore<Registry>();
        services.TryAddSingleton<RegistryConnector>();
        services.TryAddSingleton<RegistryConnections>();
        return services;
    }

    public static IServiceCollection AddRegistries(this IServiceCollection services)
    {
        services.AddRegistryConnections();
        services.AddSingleton<GatewayCertificates>();
        return services.AddController<Registry, RegistryStatus, RegistryReconciler>(c =>
        {
            c.FieldManager = WellKnown.Managers.Registries;
            c.Also<Repository>(repository => [ObjectKey.Cluster(repository.Spec.Registry)], WatchedChanges.Spec);
        });
    }
}
