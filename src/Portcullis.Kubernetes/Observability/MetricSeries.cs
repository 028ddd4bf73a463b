using Prometheus;

namespace Portcullis.Kubernetes.Observability;

/// <summary>Series are labelled with the objects that they measure, and removed with them.</summary>
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
