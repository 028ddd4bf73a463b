using System.Diagnostics.Metrics;

namespace Portcullis.Kubernetes.Queues;

/// <summary>A queue's figures under client-go's names. Depth and the age of work in hand are read when asked for.</summary>
internal sealed class WorkQueueStatistics(string name, TimeProvider time)
{
    internal static readonly Meter QueueMeter = new("Portcullis.Kubernetes.Queues");

    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.001, 0.01, 0.1, 1, 10, 100],
    };

    private static readonly Counter<long> Adds = QueueMeter.CreateCounter<long>(
        "workqueue_adds_total", description: "Total number of adds handled by workqueue");

    private static readonly Counter<long> Retries = QueueMeter.CreateCounter<long>(
        "workqueue_retries_total", description: "Total number of retries handled by workqueue");

    private static readonly UpDownCounter<long> Depths = QueueMeter.CreateUpDownCounter<long>(
        "workqueue_depth", description: "Current depth of workqueue");

    private static readonly Histogram<double> Waits = QueueMeter.CreateHistogram(
        "workqueue_queue_duration_seconds", "s", "How long in seconds an item stays in workqueue before being requested", advice: Buckets);

    private static readonly Histogram<double> Works = QueueMeter.CreateHistogram(
        "workqueue_work_duration_seconds", "s", "How long in seconds processing an item from workqueue takes.", advice: Buckets);

    private readonly KeyValuePair<string, object?> _tag = new("name", name);

    public void Added()
    {
        Adds.Add(1, _tag);
        Depths.Add(1, _tag);
    }

    public void Retried() => Retries.Add(1, _tag);

    public void Taken(long readyAt, long takenAt)
    {
        Depths.Add(-1, _tag);
        Waits.Record(time.GetElapsedTime(readyAt, takenAt).TotalSeconds, _tag);
    }

    public void Finished(long takenAt) => Works.Record(time.GetElapsedTime(takenAt).TotalSeconds, _tag);
}
