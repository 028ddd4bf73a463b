using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Promotions;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Evidence;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Repositories;
using Portcullis.Repositories.Writes;

namespace Portcullis.Promotions;

/// <summary>Registration of promotion policies.</summary>
internal static class PromotionServices
{
    /// <summary>Copies of large images take their time; one that is cut off goes on later where it was.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    public static IServiceCollection AddPromotions(this IServiceCollection services)
    {
        services.AddActions().AddTagWrites().AddImageEvidence();
        services.AddSingleton<PromotionEvidences>();
        services.AddSingleton<PromotionGatherer>();
        services.TryAddSingleton<EvidenceKeys>();
        services.AddSingleton<PromotionRecords>();
        services.AddSingleton<ImagePromotion>();
        services.AddSingleton<RegressionNotices>();
        services.AddSingleton<PromotionMetrics>();
        services.AddStore<PromotionPolicy>(PromotionIndexes.Add);
        return services.AddController<PromotionPolicy, PromotionPolicyStatus, PromotionReconciler>(c =>
        {
            c.FieldManager = WellKnown.Managers.Promotions;
            c.Timeout = Longest;
            c.Also<TagLedger>((ledger, policies) => Of(policies, new RepositoryId(ledger.Spec.Registry, ledger.Spec.Repository)));
            c.Also<ImageScan>((scan, policies) => Of(policies, ImageScanNames.RepositoryOf(scan)));
            c.Also<Repository>((repository, policies) => Of(policies, DeclaredRepositories.IdOf(repository)), WatchedChanges.Spec, endsBackOff: true);
            c.Also<Registry>((registry, policies) => policies.List().Where(p => p.Spec.Registry == registry.Key.Name).Select(p => p.Key), WatchedChanges.Spec, endsBackOff: true);
            c.Also<PromotionPolicy>((policy, policies) => Of(policies, new RepositoryId(policy.Spec.Registry, policy.Spec.Target.Repository)), WatchedChanges.Spec);
        });
    }

    private static IEnumerable<ObjectKey> Of(IStore<PromotionPolicy> policies, RepositoryId repository) =>
        policies.Find(PromotionIndexes.ByRepository, repository.ToString()).Select(p => p.Key);
}
