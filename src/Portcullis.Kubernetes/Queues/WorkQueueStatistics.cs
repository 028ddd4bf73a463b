using Prometheus;

namespace Portcullis.Kubernetes.Queues;

/// <summary>A queue's figures under client-go's names.</summary>
internal sealed class WorkQueueStatistics(string name, TimeProvider time, IMetricFactory metrics)
{
    private static readonly HistogramConfiguration Buckets = new() { Buckets = [0.0001, 0.001, 0.01, 0.1, 1, 10, 100] };

    private readonly Counter.Child _adds = metrics
        .CreateCounter("workqueue_adds_total", "Total number of adds handled by workqueue", ["name"]).WithLabels(name);

    private readonly Counter.Child _retries = metrics
        .CreateCounter("workqueue_retries_total", "Total number of retries handled by workqueue", ["name"]).WithLabels(name);

    private readonly Gauge.Child _depth = metrics
        .CreateGauge("workqueue_depth", "Current depth of workqueue", ["name"]).WithLabels(name);

    private readonly Histogram.Child _waits = metrics.CreateHistogram(
        "workqueue_queue_duration_seconds", "How long in seconds an item stays in workqueue before being requested", ["name"], Buckets).WithLabels(name);

    private readonly Histogram.Child _works = metrics.CreateHistogram(
        "workqueue_work_duration_seconds", "How long in seconds processing an item from workqueue takes.", ["name"], Buckets).WithLabels(name);

    public void Added()
    {
        _adds.Inc();
        _depth.Inc();
    }

    public void Retried() => _retries.Inc();

    public void Taken(long readyAt, long takenAt)
    {
        _depth.Dec();
        _waits.Observe(time.GetElapsedTime(readyAt, takenAt).TotalSeconds);
    }

    public void Finished(long takenAt) => _works.Observe(time.GetElapsedTime(takenAt).TotalSeconds);
}
