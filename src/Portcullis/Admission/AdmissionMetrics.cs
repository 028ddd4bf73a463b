using System.Diagnostics.Metrics;

namespace Portcullis.Admission;

/// <summary>What Prometheus is told about our webhooks' answers (docs/metrics.md).</summary>
internal sealed class AdmissionMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _decisions;

    public AdmissionMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("Portcullis.Admission");
        _decisions = _meter.CreateCounter<long>("admission_decisions_total", description: "Answers of the admission webhooks.");
    }

    public void Decided(string path, AdmissionAnswer answer) =>
        Count(path, answer switch { { Allowed: false } => "denied", { Patch.Count: > 0 } => "changed", _ => "allowed" });

    /// <summary>No answer was found, and the API server's failure policy decides.</summary>
    public void Failed(string path) => Count(path, "failed");

    public void Dispose() => _meter.Dispose();

    private void Count(string path, string result) => _decisions.Add(
        1,
        new("webhook", path.TrimStart('/')),
        new("mode", path == WebhookConfigurations.Observe ? "Audit" : "Enforce"),
        new("result", result));
}
