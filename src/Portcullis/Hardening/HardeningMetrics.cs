using Portcullis.Kubernetes.Observability;
using Prometheus;

namespace Portcullis.Hardening;

/// <summary>What Prometheus is told about nodes (docs/metrics.md): of each NodeHardening, how many nodes are in which state.</summary>
internal sealed class HardeningMetrics(IMetricFactory metrics)
{
    private readonly Gauge _nodes = metrics.CreateGauge(
        "node_control_status", "Nodes that a control selects, by what came of it on them.", ["control", "status"]);

    public void Told(string hardening, IReadOnlyDictionary<string, int> nodesByState)
    {
        foreach (var (state, count) in nodesByState)
        {
            _nodes.WithLabels(hardening, state).Set(count);
        }

        foreach (var values in _nodes.GetAllLabelValues().Where(v => v[0] == hardening && !nodesByState.ContainsKey(v[1])))
        {
            _nodes.RemoveLabelled(values);
        }
    }

    /// <summary>The object is gone: so are its series.</summary>
    public void Forget(string hardening) => _nodes.RemoveWhere("control", hardening);
}
