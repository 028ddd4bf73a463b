using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Repositories;
using Portcullis.Core.Webhooks;
using Portcullis.Kubernetes.Client;
using Portcullis.Repositories.Writes;

namespace Portcullis.Webhooks;

/// <summary>Turns notices into deliveries in the cluster, one for each webhook that asks for the event; the operator sends them.</summary>
internal sealed class WebhookOutbox(DeclaredRepositories declared, NoticePlatforms platforms, KubernetesClient client) : INotices
{
    private static readonly WriteOptions Write = new(WellKnown.Managers.Webhooks);

    public bool AreWanted(RepositoryId repository, WebhookEvent one) => declared.Find(repository) is { } declaration && Wanting(declaration, one).Any();

    public async Task RecordAsync(RepositoryId repository, RepositoryNotice notice, string occurrence, CancellationToken cancellationToken)
    {
        if (declared.Find(repository) is not { } declaration || Wanting(declaration, notice.Event).ToList() is not { Count: > 0 } webhooks)
        {
            return;
        }

        var whole = await platforms.CompleteAsync(repository, notice, cancellationToken);
        foreach (var webhook in webhooks)
        {
            await RecordAsync(declaration, webhook, whole, occurrence, cancellationToken);
        }
    }

    private async Task RecordAsync(Repository repository, RepositoryWebhook webhook, RepositoryNotice notice, string occurrence, CancellationToken cancellationToken)
    {
        var spec = new WebhookDeliverySpec
        {
            Repository = repository.Key.Name,
            Webhook = webhook.Name,
            Event = notice.Event,
            Body = WebhookEnvelope.Of(notice),
            CreatedAt = notice.At,
        };
        var body = new JsonObject
        {
            ["apiVersion"] = WebhookDelivery.Definition.ApiVersion,
            ["kind"] = WebhookDelivery.Definition.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = DeliveryNames.Of(repository.Key.Name, webhook.Name, notice.Event, occurrence),
                ["labels"] = new JsonObject { [WellKnown.Labels.ManagedBy] = WellKnown.Labels.ManagedByValue },
            },
            ["spec"] = JsonSerializer.SerializeToNode(spec, WebhooksJsonContext.Default.WebhookDeliverySpec),
        };
        try
        {
            await client.CreateAsync(WebhookDelivery.Definition, body, Write, cancellationToken);
        }
        catch (KubernetesApiException e) when (e.Reason == "AlreadyExists")
        {
            // Recorded before a crash.
        }
    }

    private static IEnumerable<RepositoryWebhook> Wanting(Repository repository, WebhookEvent one) =>
        (repository.Spec.Webhooks ?? []).Where(w => w.Suspend != true && w.Events.Contains(one));
}
