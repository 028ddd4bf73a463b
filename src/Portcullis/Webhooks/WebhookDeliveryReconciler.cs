using System.Collections.Concurrent;
using Portcullis.Core.Repositories;
using Portcullis.Core.Webhooks;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Webhooks;

/// <summary>Sends each delivery until its receiver takes it, and deletes it then. One whose webhook is no longer declared is deleted unsent.</summary>
internal sealed class WebhookDeliveryReconciler(
    IStore<Repository> repositories, WebhookSettings settings, WebhookSender sender, WebhookMetrics metrics, KubernetesClient client, TimeProvider time)
    : IReconciler<WebhookDelivery, WebhookDeliveryStatus>
{
    private readonly ConcurrentDictionary<ObjectKey, WebhookSettingsVersion> _tried = new();

    public async Task<Reconciled<WebhookDeliveryStatus>> ReconcileAsync(WebhookDelivery resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        if (repositories.Get(ObjectKey.Cluster(resource.Spec.Repository)) is not { } repository || Find(repository, resource.Spec.Webhook) is not { } webhook)
        {
            return repositories.IsSynced ? await DoneAsync(resource, "dropped", cancellationToken) : NotKnown();
        }

        var version = settings.VersionFor(repository);
        if (DeliveryJudge.NotDue(resource, context.Requested is not null || IsWorthAnotherTry(resource, version), time.GetUtcNow()) is { } waiting)
        {
            return waiting;
        }

        _tried[resource.Key] = version;
        var error = await sender.SendAsync(repository, webhook, resource, cancellationToken);
        if (error is null)
        {
            return await DoneAsync(resource, "delivered", cancellationToken);
        }

        metrics.Count(resource.Spec.Event, "failed");
        return DeliveryJudge.Failed(resource, error, time.GetUtcNow());
    }

    private static RepositoryWebhook? Find(Repository repository, string webhook) => repository.Spec.Webhooks?.FirstOrDefault(w => w.Name == webhook);

    private static Reconciled<WebhookDeliveryStatus> NotKnown() => new(new Outcome.Waiting(DeliveryReasons.Starting, "the repositories are not listed yet", TimeSpan.FromSeconds(1)), new WebhookDeliveryStatus());

    /// <summary>Whether something has changed since the last attempt that may be why it failed. A dead letter waits for somebody to ask for it.</summary>
    private bool IsWorthAnotherTry(WebhookDelivery delivery, WebhookSettingsVersion version) =>
        delivery.Status?.State == DeliveryState.Pending && _tried.TryGetValue(delivery.Key, out var tried) && tried != version;

    private async Task<Reconciled<WebhookDeliveryStatus>> DoneAsync(WebhookDelivery resource, string result, CancellationToken cancellationToken)
    {
        _tried.TryRemove(resource.Key, out _);
        await client.DeleteAsync(WebhookDelivery.Definition, resource.Key, new DeleteOptions { Uid = resource.Metadata.Uid }, cancellationToken);
        metrics.Count(resource.Spec.Event, result);
        return new(new Outcome.Ready("delivered"), new WebhookDeliveryStatus());
    }
}
