using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Core;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Webhooks;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Registries;
using Portcullis.Repositories;
using Portcullis.Repositories.Writes;
using Portcullis.Secrets;

namespace Portcullis.Webhooks;

/// <summary>Registration of notifications: recording them, and sending them.</summary>
internal static class WebhookServices
{
    /// <summary>Recording alone, as the gateway needs it.</summary>
    public static IServiceCollection AddNotices(this IServiceCollection services)
    {
        services.AddDeclaredRepositories();
        services.AddRegistryConnections();
        services.TryAddSingleton<NoticePlatforms>();
        services.TryAddSingleton<INotices, WebhookOutbox>();
        return services;
    }

    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddNotices().AddBoundSecrets();
        services.AddSingleton<WebhookTargets>();
        services.AddSingleton<WebhookSettings>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<IWebhookChecks, WebhookChecks>();
        services.AddSingleton<WebhookMetrics>();
        return services.AddController<WebhookDelivery, WebhookDeliveryStatus, WebhookDeliveryReconciler>(c =>
        {
            c.FieldManager = WellKnown.Managers.Webhooks;
            c.Also<Repository>(
                (repository, deliveries) => deliveries.List().Where(d => d.Spec.Repository == repository.Key.Name).Select(d => d.Key), WatchedChanges.Spec, endsBackOff: true);
            c.Also<Registry>((_, deliveries) => deliveries.List().Select(d => d.Key), WatchedChanges.Spec, endsBackOff: true);
        });
    }
}
