using Prometheus;

namespace Portcullis.Kubernetes.Observability;

/// <summary>Series are told apart by the objects that they are about, and go with them.</summary>
public static class MetricSeries
{
    /// <summary>Removes every series in which the label has this value.</summary>
    public static void RemoveWhere<TSeries>(this Collector<TSeries> metric, string label, string value)
        where TSeries : ChildBase
    {
        var index = Array.IndexOf(metric.LabelNames, label);
        foreach (var values in metric.GetAllLabelValues().Where(v => v[index] == value))
        {
            metric.RemoveLabelled(values);
        }
    }
}
