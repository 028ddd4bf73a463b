using Portcullis.Kubernetes.Observability;
using Prometheus;

namespace Portcullis.Hardening;

/// <summary>How many nodes of each NodeHardening are in which state, as a Prometheus gauge (docs/metrics.md).</summary>
internal sealed class HardeningMetrics(IMetricFactory metrics)
{
    private readonly Gauge _nodes = metrics.CreateGauge(
        "node_control_status", "Nodes that a control selects, by their state.", ["control", "status"]);

    public void Report(string hardening, IReadOnlyDictionary<string, int> nodesByState)
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

    /// <summary>Removes the series of a deleted object.</summary>
    public void Forget(string hardening) => _nodes.RemoveWhere("control", hardening);
}
