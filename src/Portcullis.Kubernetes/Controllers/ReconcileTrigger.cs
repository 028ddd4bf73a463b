using Portcullis.Kubernetes.Queues;
using Prometheus;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>The one queue of a kind, for what is no Kubernetes watch (a webhook receiver, inotify) to ask for a reconcile now.</summary>
public sealed class ReconcileTrigger<T> : IDisposable
    where T : class, IResource<T>
{
    internal ReconcileTrigger(WorkQueueOptions options, TimeProvider time, IMetricFactory metrics) =>
        Queue = new WorkQueue<ObjectKey>(options, time, metrics);

    internal WorkQueue<ObjectKey> Queue { get; }

    public void Enqueue(ObjectKey key) => Queue.Add(key, WorkPriority.Live, fresh: true);

    public void Dispose() => Queue.Dispose();
}
