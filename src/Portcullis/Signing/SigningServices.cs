using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Access;
using Portcullis.Core;
using Portcullis.Core.Organizations;
using Portcullis.Core.Registries;
using Portcullis.Core.Signing;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Signing;

/// <summary>Registration of signing policies, and of everything that asks for signatures.</summary>
internal static class SigningServices
{
    /// <summary>What is signed by whom; called by everything that wants to know. Verifiers are registered by who has them.</summary>
    public static IServiceCollection AddSignatures(this IServiceCollection services)
    {
        services.AddAccess().AddStore<SigningPolicy>().AddStore<Organization>().AddStore<Registry>();
        services.TryAddSingleton<SigningState>();
        services.TryAddSingleton<RepositoryFindings>();
        services.TryAddSingleton<SigningMetrics>();
        services.TryAddSingleton<SignatureEvidences>();
        services.TryAddSingleton<SignedImages>();
        services.TryAddSingleton<IImageAdmission>(s => s.GetRequiredService<SignedImages>());
        return services;
    }

    public static IServiceCollection AddSigning(this IServiceCollection services)
    {
        services.AddSignatures();
        services.AddSingleton<RunningWorkloads>().AddSingleton<SigningGatherer>();
        return services.AddController<SigningPolicy, SigningPolicyStatus, SigningReconciler>(c =>
        {
            c.FieldManager = WellKnown.Managers.Signing;
            c.Also<Organization>((organization, policies) => policies.List().Where(p => Names(p, organization)).Select(p => p.Key), WatchedChanges.Spec, endsBackOff: true);
            c.Also<Registry>((_, policies) => policies.List().Select(p => p.Key), WatchedChanges.Spec);
        });
    }

    private static bool Names(SigningPolicy policy, Organization organization) =>
        policy.Spec.Teams().Any(t => t.Team.StartsWith($"{organization.Key.Name}/", StringComparison.Ordinal));
}
