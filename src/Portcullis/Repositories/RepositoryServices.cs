using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Core.Webhooks;
using Portcullis.Evidence;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Registries;
using Portcullis.Repositories.Ledger;
using Portcullis.Repositories.Notifications;
using Portcullis.Repositories.Writes;
using Portcullis.Sources.Receive;

namespace Portcullis.Repositories;

/// <summary>Registration of repositories and of everything that writes tags.</summary>
internal static class RepositoryServices
{
    /// <summary>The ledger and the writing of tags, as gateway and operator share them. Who calls it also says who takes the notices (<see cref="INotices"/>).</summary>
    public static IServiceCollection AddTagWrites(this IServiceCollection services)
    {
        services.AddRegistryConnections().AddDeclaredRepositories();
        services.AddStore<TagLedger>();
        services.TryAddSingleton<TagLedgers>();
        services.TryAddSingleton<ClaimFinisher>();
        services.TryAddSingleton<ITagWrites, TagWriter>();
        return services;
    }

    /// <summary>Finding what Git declares of a repository.</summary>
    public static IServiceCollection AddDeclaredRepositories(this IServiceCollection services)
    {
        services.AddStore<Repository>(RepositoryIndexes.Add).AddStore<Registry>();
        services.TryAddSingleton<DeclaredRepositories>();
        return services;
    }

    public static IServiceCollection AddRepositories(this IServiceCollection services)
    {
        services.AddActions().AddTagWrites().AddStore<ImageScan>(ImageScanIndexes.Add);
        services.AddSingleton<RegistryPolls>();
        services.AddSingleton<RepositoryGatherer>();
        services.AddSingleton<RepositoryLedgerWork>();
        services.TryAddSingleton<NoticeTokens>();
        services.AddSingleton<NotificationSecrets>();
        services.AddSingleton<INoticeReceiver, RegistryNotificationReceiver>();
        return services.AddController<Repository, RepositoryStatus, RepositoryReconciler>(c =>
        {
            c.FieldManager = WellKnown.Managers.Repositories;
            c.Also<TagLedger>((ledger, repositories) => Of(repositories, new RepositoryId(ledger.Spec.Registry, ledger.Spec.Repository)));
            c.Also<Registry>((registry, repositories) => repositories.List().Where(r => r.Spec.Registry == registry.Key.Name).Select(r => r.Key), WatchedChanges.Content, endsBackOff: true);
            c.Also<Repository>((repository, repositories) => Of(repositories, DeclaredRepositories.IdOf(repository)), WatchedChanges.Spec);
            c.Also<ImageScan>((scan, repositories) => Of(repositories, ImageScanNames.RepositoryOf(scan)));
            c.Also<WebhookDelivery>(delivery => [ObjectKey.Cluster(delivery.Spec.Repository)]);
        });
    }

    private static IEnumerable<ObjectKey> Of(IStore<Repository> repositories, RepositoryId id) => repositories.Find(RepositoryIndexes.ByName, id.ToString()).Select(r => r.Key);
}
