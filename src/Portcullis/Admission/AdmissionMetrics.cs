using Prometheus;

namespace Portcullis.Admission;

/// <summary>The decisions of the admission webhooks as Prometheus counters (docs/metrics.md).</summary>
internal sealed class AdmissionMetrics(IMetricFactory metrics)
{
    private readonly Counter _decisions = metrics.CreateCounter(
        "admission_decisions_total", "Decisions of the admission webhooks.", ["mode", "result", "webhook"]);

    public void Decided(WebhookDefinition webhook, AdmissionResponse response) =>
        Count(webhook, response switch { { Allowed: false } => "denied", { Patch.Count: > 0 } => "changed", _ => "allowed" });

    /// <summary>There is no decision, and the failure policy of the API server applies.</summary>
    public void Failed(WebhookDefinition webhook) => Count(webhook, "failed");

    private void Count(WebhookDefinition webhook, string result) => _decisions
        .WithLabels(webhook.FailurePolicy == WebhookFailurePolicy.Ignore ? "Audit" : "Enforce", result, webhook.Path.TrimStart('/'))
        .Inc();
}
