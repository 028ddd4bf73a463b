using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Portcullis.Hardening;

/// <summary>What Prometheus is told about nodes (docs/metrics.md): of each NodeHardening, how many nodes are in which state.</summary>
internal sealed class HardeningMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, int>> _nodes = new(StringComparer.Ordinal);

    public HardeningMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("Portcullis.Hardening");
        _meter.CreateObservableGauge("node_control_status", Observe, description: "Nodes that a control selects, by what came of it on them.");
    }

    public void Told(string hardening, IReadOnlyDictionary<string, int> nodesByState) => _nodes[hardening] = nodesByState;

    /// <summary>The object is gone: so are its series.</summary>
    public void Forget(string hardening) => _nodes.TryRemove(hardening, out _);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<int>> Observe() =>
        from control in _nodes
        from state in control.Value
        select new Measurement<int>(state.Value, new("control", control.Key), new("status", state.Key));
}
