using System.Diagnostics.Metrics;

namespace Portcullis.Admission;

/// <summary>The decisions of the admission webhooks as Prometheus counters (docs/metrics.md).</summary>
internal sealed class AdmissionMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _decisions;

    public AdmissionMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("Portcullis.Admission");
        _decisions = _meter.CreateCounter<long>("admission_decisions_total", description: "Decisions of the admission webhooks.");
    }

    public void Decided(WebhookDefinition webhook, AdmissionResponse response) =>
        Count(webhook, response switch { { Allowed: false } => "denied", { Patch.Count: > 0 } => "changed", _ => "allowed" });

    /// <summary>There is no decision, and the failure policy of the API server applies.</summary>
    public void Failed(WebhookDefinition webhook) => Count(webhook, "failed");

    public void Dispose() => _meter.Dispose();

    private void Count(WebhookDefinition webhook, string result) => _decisions.Add(
        1,
        new("webhook", webhook.Path.TrimStart('/')),
        new("mode", webhook.FailurePolicy == WebhookFailurePolicy.Ignore ? "Audit" : "Enforce"),
        new("result", result));
}
