namespace Portcullis.Kubernetes.Controllers;

/// <summary>
/// Makes targets right: what many declarations share, so that none of them can be reconciled alone, such as the RoleBindings of a namespace
/// or the rules of a repository. A <see cref="TargetLoop{TReconciler}"/> calls it, for one target at a time.
/// </summary>
public interface ITargetReconciler
{
    /// <summary>In logs and metrics.</summary>
    string Name { get; }

    /// <summary>Targets reconciled at once by the loop.</summary>
    int Workers => 4;

    /// <summary>Every target there may be work for. Asked at the start, and when an input of all targets changed.</summary>
    IEnumerable<ObjectKey> Targets();

    /// <summary>Connects whatever disturbs a target or changes what it must be. What is returned is disposed when the loop ends.</summary>
    IEnumerable<IDisposable> Subscribe(ITargetQueue queue);

    /// <summary>
    /// Makes a target say what all declarations together want, and returns what it did. What it throws is retried with back-off.
    /// <paramref name="since"/>: when it was asked for, as <see cref="ReconcileContext.Since"/>.
    /// </summary>
    Task<TargetResult> ReconcileAsync(ObjectKey target, long since, CancellationToken cancellationToken);

    /// <summary>Called after each reconcile that the loop began by itself; the declarations that begin one report their own results.</summary>
    void Report(ObjectKey target, IReadOnlyList<ActionResult> results, bool hasFailed)
    {
    }
}

/// <summary>How one reconcile of a target ended.</summary>
/// <param name="Results">The result of every action; none when the target was right.</param>
/// <param name="NextChange">When what the target must be changes by the clock alone; null for never.</param>
public sealed record TargetResult(IReadOnlyList<ActionResult> Results, DateTimeOffset? NextChange = null);

/// <summary>Why a target is reconciled again.</summary>
public interface ITargetQueue
{
    /// <summary>Somebody changed the target itself. One that failed a moment ago still waits: its own attempts may be what changed it.</summary>
    void Disturbed(ObjectKey target);

    /// <summary>What targets must be may have changed. All are reconciled, also those that failed a moment ago; many such changes in a row are one.</summary>
    void InputsChanged();
}
