using Portcullis.Kubernetes.Queues;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>Lets what is no Kubernetes watch (a webhook receiver, inotify) ask for a visit now.</summary>
public interface IReconcileTrigger<T>
    where T : class, IResource<T>
{
    void Enqueue(ObjectKey key);
}

/// <summary>The one queue of a kind.</summary>
internal sealed class ControllerQueue<T>(WorkQueueOptions options, TimeProvider time) : IReconcileTrigger<T>, IDisposable
    where T : class, IResource<T>
{
    public WorkQueue<ObjectKey> Work { get; } = new(options, time);

    public void Enqueue(ObjectKey key) => Work.Add(key, WorkPriority.Live, fresh: true);

    public void Dispose() => Work.Dispose();
}
