using System.Text.Json.Nodes;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Drift;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Admission;

/// <summary>Write a webhook configuration, or make it say the right thing again.</summary>
internal sealed record WebhookAction(ApiResource Resource, ObjectKey Key, JsonObject Body, bool Exists) : PlannedAction
{
    public override string Id => $"{Resource.Kind} {Key}";

    public override string Describe() => $"{(Exists ? "change" : "create")} {Id}";
}

/// <summary>Writes webhook configurations.</summary>
internal sealed class WebhookExecutor(KubernetesClient client, DriftLedger ledger) : IActionExecutor<WebhookAction>
{
    private static readonly WriteOptions Writer = new(WellKnown.Managers.Admission);

    public Task<Attribution?> AttributeAsync(WebhookAction action, CancellationToken cancellationToken) =>
        ledger.AttributeAsync(action.Resource, action.Key, action.Body, action.Exists, cancellationToken);

    public async Task ExecuteAsync(WebhookAction action, CancellationToken cancellationToken)
    {
        await client.ApplyAsync(action.Resource, action.Body, Writer, cancellationToken);
        ledger.InPlace(action.Resource, action.Key, action.Body);
    }
}
