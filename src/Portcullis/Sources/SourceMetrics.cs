using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Portcullis.Core.Sources;

namespace Portcullis.Sources;

/// <summary>What Prometheus is told about Git sources; the names are those of docs/metrics.md.</summary>
internal sealed class SourceMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _detected;
    private readonly Counter<long> _reverted;
    private readonly Counter<long> _blocked;
    private readonly ConcurrentDictionary<string, double> _verified = new(StringComparer.Ordinal);

    public SourceMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("Portcullis.Sources");
        _detected = _meter.CreateCounter<long>("drift_detected_total", description: "Objects found different from Git.");
        _reverted = _meter.CreateCounter<long>("drift_reverted_total", description: "Objects brought back to what Git says.");
        _blocked = _meter.CreateCounter<long>("prune_blocked_total", description: "Prunes withheld because of their budget or of what they would take along.");
        _meter.CreateObservableGauge(
            "git_last_verified_timestamp_seconds",
            () => _verified.Select(v => new Measurement<double>(v.Value, new KeyValuePair<string, object?>("source", v.Key))),
            description: "When a signature of a source's revision last verified.");
    }

    /// <summary>Counts drift that is left (mode Warn) and blocked prunes, each once.</summary>
    public void Count(string source, SourceState state, ApplyPlan? plan)
    {
        var drifted = (plan?.Drift ?? []).ToDictionary(d => d.Identity, d => d.Message);
        foreach (var (identity, message) in drifted)
        {
            if (!state.KnownDrift.TryGetValue(identity, out var known) || known != message)
            {
                Detected(source, identity.Kind);
            }
        }

        state.KnownDrift = drifted;
        var blocked = plan is { PruneBlocked.Count: > 0 } ? state.InForce?.Target.Commit : null;
        if (blocked is not null && blocked != state.BlockedAt)
        {
            Blocked(source);
        }

        state.BlockedAt = blocked;
    }

    public void Detected(string source, string kind) => _detected.Add(1, new("source", source), new("kind", kind));

    public void Reverted(string source, string kind) => _reverted.Add(1, new("source", source), new("kind", kind));

    public void Blocked(string source) => _blocked.Add(1, new KeyValuePair<string, object?>("source", source));

    public void Verified(string source, DateTimeOffset at) => _verified[source] = at.ToUnixTimeMilliseconds() / 1000.0;

    public void Forget(string source) => _verified.TryRemove(source, out _);

    public void Dispose() => _meter.Dispose();
}
