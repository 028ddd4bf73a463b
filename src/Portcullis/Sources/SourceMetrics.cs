using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Observability;
using Prometheus;

namespace Portcullis.Sources;

/// <summary>The metrics of Git sources; the names are those of docs/metrics.md.</summary>
internal sealed class SourceMetrics(IMetricFactory metrics)
{
    private readonly Counter _detected = metrics.CreateCounter("drift_detected_total", "Objects found different from Git.", ["kind", "source"]);
    private readonly Counter _reverted = metrics.CreateCounter("drift_reverted_total", "Objects brought back to what Git says.", ["kind", "source"]);
    private readonly Counter _blocked = metrics.CreateCounter(
        "prune_blocked_total", "Prunes withheld because of their budget or of what they would take along.", ["source"]);

    private readonly Gauge _verified = metrics.CreateGauge(
        "git_last_verified_timestamp_seconds", "When a signature of a source's revision last verified.", ["source"]);

    /// <summary>Counts drift that is left (mode Warn) and blocked prunes, each once.</summary>
    public void Count(string source, SourceState state, FetchResult fetch, ApplyPlan? plan)
    {
        var drifted = (plan?.Drift ?? []).ToDictionary(d => d.Identity, d => d.Message);
        foreach (var (identity, message) in drifted)
        {
            if (!state.Report.KnownDrift.TryGetValue(identity, out var known) || known != message)
            {
                Detected(source, identity.Kind);
            }
        }

        state.Report.KnownDrift = drifted;
        var blocked = fetch is FetchResult.Rejected { PruneBlocked.Count: > 0 } rejected ? rejected.Attempted
            : plan is { PruneBlocked.Count: > 0 } ? state.InForce?.Revision
            : null;
        if (blocked is not null && blocked != state.Report.BlockedAt)
        {
            Blocked(source);
        }

        state.Report.BlockedAt = blocked;
    }

    public void Detected(string source, string kind) => _detected.WithLabels(kind, source).Inc();

    public void Reverted(string source, string kind) => _reverted.WithLabels(kind, source).Inc();

    public void Blocked(string source) => _blocked.WithLabels(source).Inc();

    public void Verified(string source, DateTimeOffset at) => _verified.WithLabels(source).Set(at.ToUnixTimeMilliseconds() / 1000.0);

    /// <summary>The source is gone: so are its series.</summary>
    public void Forget(string source)
    {
        _detected.RemoveWhere("source", source);
        _reverted.RemoveWhere("source", source);
        _blocked.RemoveLabelled(source);
        _verified.RemoveLabelled(source);
    }
}
