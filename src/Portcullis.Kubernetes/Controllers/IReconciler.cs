namespace Portcullis.Kubernetes.Controllers;

/// <summary>
/// Makes the world match one object: gather, plan, act, return an outcome. It touches neither conditions nor queue, logs only what
/// changed the world, and throws only for the unexpected. Objects given to it are snapshots and never change.
/// </summary>
public interface IReconciler<T, TStatus>
    where T : class, IResource<T>
    where TStatus : ResourceStatus
{
    Task<Reconciled<TStatus>> ReconcileAsync(T resource, ReconcileContext context, CancellationToken cancellationToken);
}

/// <summary>Implemented beside <see cref="IReconciler{T,TStatus}"/> when deletion needs work: the loop then keeps a finalizer on every object.</summary>
public interface IFinalizer<T>
    where T : class, IResource<T>
{
    /// <summary>Undoes what was made. Null when all is undone and the object may go; otherwise what is awaited, or what failed.</summary>
    Task<Outcome?> FinalizeAsync(T resource, ReconcileContext context, CancellationToken cancellationToken);
}

/// <summary>What a reconciler is given besides the object.</summary>
public sealed record ReconcileContext
{
    /// <summary>
    /// When the reconcile was last asked for, as a timestamp of the clock. What was read from the stores later than that shows every change
    /// because of which it was asked for, so that a decision made once serves many reconciles.
    /// </summary>
    public required long Since { get; init; }

    /// <summary>The value of the <c>portcullis.dev/requestedAt</c> annotation not yet handled; null when nobody asked.</summary>
    public string? Requested { get; init; }

    /// <summary>Reports the progress of a long reconcile: Reconciling=True with this message. Cheap to call often: at most one a second is written.</summary>
    public required Func<string, CancellationToken, Task> ReportProgressAsync { get; init; }
}
