using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Webhooks;
using Portcullis.Kubernetes.Stores;
using Portcullis.Secrets;

namespace Portcullis.Webhooks;

/// <summary>Notices when something changes that decides whether webhooks can be sent: the Repository, its Registry, or a Secret of its source.</summary>
internal sealed class WebhookSettings(
    IStore<Registry> registries,
    IStore<Repository> repositories,
    DeclaringSources sources,
    SecretWatch secrets,
    SecretDependents<Repository> dependents,
    SecretDependents<WebhookDelivery> deliveries)
{
    /// <summary>Another value after each change. From the first call on, Repositories with webhooks and their deliveries are reconciled when a Secret of their source changes.</summary>
    public WebhookSettingsVersion VersionFor(Repository repository)
    {
        dependents.Watch(r => r.Spec.Webhooks is { Count: > 0 } ? sources.Of(r) : null);
        deliveries.Watch(d => repositories.Get(ObjectKey.Cluster(d.Spec.Repository)) is { } one ? sources.Of(one) : null);
        return new(
            repository.Metadata.Uid,
            repository.Metadata.Generation,
            registries.Get(ObjectKey.Cluster(repository.Spec.Registry))?.Metadata.Generation,
            secrets.VersionOf(sources.Of(repository)));
    }
}

/// <summary>What was in force at one moment, as numbers.</summary>
internal readonly record struct WebhookSettingsVersion(string? Uid, long? Repository, long? Registry, int Secrets);
