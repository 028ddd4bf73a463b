using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Webhooks;
using Portcullis.Http.Egress;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Webhooks;

/// <summary>Sends each delivery until its receiver takes it, and deletes it then. One whose webhook is no longer declared is deleted unsent.</summary>
internal sealed class WebhookDeliveryReconciler(
    IStore<Repository> repositories, IStore<Registry> registries, WebhookSender sender, WebhookMetrics metrics, KubernetesClient client, TimeProvider time)
    : IReconciler<WebhookDelivery, WebhookDeliveryStatus>
{
    public async Task<Reconciled<WebhookDeliveryStatus>> ReconcileAsync(WebhookDelivery resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        if (repositories.Get(ObjectKey.Cluster(resource.Spec.Repository)) is not { } repository || Find(repository, resource.Spec.Webhook) is not { } webhook)
        {
            return repositories.IsSynced ? await DoneAsync(resource, "dropped", cancellationToken) : NotKnown();
        }

        if (DeliveryJudge.NotDue(resource, context.Requested is not null, time.GetUtcNow()) is { } waiting)
        {
            return waiting;
        }

        var error = await sender.SendAsync(repository, webhook, EgressOf(repository), resource, cancellationToken);
        if (error is null)
        {
            return await DoneAsync(resource, "delivered", cancellationToken);
        }

        metrics.Count(resource.Spec.Event, "failed");
        return DeliveryJudge.Failed(resource, error, time.GetUtcNow());
    }

    private static RepositoryWebhook? Find(Repository repository, string webhook) => repository.Spec.Webhooks?.FirstOrDefault(w => w.Name == webhook);

    private static Reconciled<WebhookDeliveryStatus> NotKnown() => new(new Outcome.Waiting("Starting", "the repositories are not listed yet", TimeSpan.FromSeconds(1)), new WebhookDeliveryStatus());

    private EgressRules EgressOf(Repository repository) =>
        EgressRules.Parse(registries.Get(ObjectKey.Cluster(repository.Spec.Registry))?.Spec.Egress ?? [], out _);

    private async Task<Reconciled<WebhookDeliveryStatus>> DoneAsync(WebhookDelivery resource, string result, CancellationToken cancellationToken)
    {
        await client.DeleteAsync(WebhookDelivery.Definition, resource.Key, new DeleteOptions { Uid = resource.Metadata.Uid }, cancellationToken);
        metrics.Count(resource.Spec.Event, result);
        return new(new Outcome.Ready("delivered"), new WebhookDeliveryStatus());
    }
}
