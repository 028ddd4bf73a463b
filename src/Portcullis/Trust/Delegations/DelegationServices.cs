using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Organizations;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Trust;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Declarations;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Registries;

namespace Portcullis.Trust.Delegations;

/// <summary>Registration of TrustDelegations.</summary>
internal static class DelegationServices
{
    /// <summary>500 repositories with their keys, on a server that is far away.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>The root keys that Git pins; called by everything that verifies trust data.</summary>
    public static IServiceCollection AddTrustAnchors(this IServiceCollection services)
    {
        services.AddDeclared<TrustDelegation>().AddStore<TrustDelegation>(TrustIndexes.Add);
        services.AddStore<Registry>().AddStore<Repository>().AddStore<Organization>();
        services.TryAddSingleton<TrustStores>();
        services.TryAddSingleton<ITrustAnchors, DeclaredAnchors>();
        return services;
    }

    public static IServiceCollection AddTrustDelegations(this IServiceCollection services)
    {
        services.AddActions().AddRegistryConnections().AddTrustAnchors().AddChangeFeeds();
        services.AddSingleton<TrustSecrets>();
        services.AddSingleton<SigningReader>();
        services.AddSingleton<TrustGatherer>();
        services.AddSingleton<TrustReports>();
        services.AddTargets<RepositoryTrustTargets>();
        services.AddSingleton<IControllerLoop, PublishedChanges>();
        return services.AddController<TrustDelegation, TrustDelegationStatus, TrustReconciler>(c =>
        {
            c.FieldManager = WellKnown.Managers.Trust;
            c.Timeout = Longest;
            c.Also<Registry>((registry, all) => all.Find(TrustIndexes.ByRegistry, registry.Key.Name).Select(d => d.Key), WatchedChanges.Spec, endsBackOff: true);
            c.Also<Repository>((repository, all) => TrustIndexes.Of(all, repository), WatchedChanges.Spec, endsBackOff: true);
            c.Also<Organization>((organization, all) => all.Find(TrustIndexes.ByOrganization, organization.Key.Name).Select(d => d.Key), WatchedChanges.Spec, endsBackOff: true);
            c.Also<TrustDelegation>((other, all) => TrustIndexes.Beside(all, other), WatchedChanges.Spec);
        });
    }
}
