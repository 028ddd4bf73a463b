using Portcullis.Kubernetes.Declarations;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>
/// One reconcile of one object, in this order: what is declared of it, deletion, suspension, finalizer (before the first side effect), the
/// reconciler, then conditions, observedGeneration and Events. All that a reconciler must not do is here, once.
/// </summary>
internal sealed class ObjectReconcile<T, TStatus>(
    IReconciler<T, TStatus> reconciler,
    ObjectReporter<T, TStatus> reporter,
    FinalizerGuard finalizers,
    IDeclarationGate<T>? gate,
    KubernetesOptions options,
    TimeProvider time)
    where T : class, IResource<T>, IControlled<TStatus>
    where TStatus : ResourceStatus
{
    private static readonly TimeSpan Reminder = TimeSpan.FromHours(1);

    private readonly UndeclaredObjects<T, TStatus> _undeclared = new(reporter, finalizers, gate, time);

    /// <summary><paramref name="since"/>: when it was asked for, as a timestamp of the clock.</summary>
    public Task<ReconcileResult> RunAsync(T resource, long since, CancellationToken cancellationToken) => gate?.Of(resource) switch
    {
        DeclarationState.Edited edited => _undeclared.KeepAsync(resource, edited, cancellationToken),
        DeclarationState.Unknown unknown => _undeclared.WaitAsync(resource, unknown, cancellationToken),
        DeclarationState.Undeclared undeclared => LeaveAsync(resource, undeclared, cancellationToken),
        var state => RunConfirmedAsync(resource, (state as DeclarationState.Confirmed)?.Caveat, since, cancellationToken),
    };

    /// <summary>The reconcile threw: reports it in the status, and keeps what the last successful reconcile reported.</summary>
    public async Task<ReconcileResult> FailAsync(T resource, Exception error, CancellationToken cancellationToken)
    {
        var reason = FailureReasons.Of(error);
        await reporter.ReportAsync(resource, ConditionRules.Failure(reason, reporter.Clean(error.Message)), warning: true, cancellationToken);
        return new ReconcileResult.Failed(ConditionTypes.False, FailureReasons.LongestPause(reason, error is HttpRequestException));
    }

    private async Task<ReconcileResult> RunConfirmedAsync(T resource, string? caveat, long since, CancellationToken cancellationToken)
    {
        _undeclared.Release(resource.Metadata.Key);
        if (resource.Metadata.IsBeingDeleted)
        {
            return await FinalizeAsync(resource, cancellationToken);
        }

        if (PausedUntil(resource) is { } until)
        {
            return await PauseAsync(resource, until, cancellationToken);
        }

        if (resource.IsSuspended)
        {
            var ready = ConditionRules.Find(reporter.Reported(resource)?.Conditions, ConditionTypes.Ready);
            await reporter.ReportAsync(resource, ConditionRules.Suspended(ready), warning: false, cancellationToken, settles: true);
            return new ReconcileResult.Done(null, ConditionTypes.Unknown);
        }

        if (reconciler is IFinalizer<T> && !finalizers.Guards(resource.Metadata))
        {
            await finalizers.AddAsync(resource.Metadata, cancellationToken);
        }

        var reported = reporter.Reported(resource);
        var requested = Requested(resource.Metadata);
        Reconciled<TStatus> reconciled;
        await using (var progress = new ProgressReporter(
            (message, token) => reporter.ReportQuietlyAsync(resource, ConditionRules.Progress(reporter.Clean(message)), token),
            resource.Metadata.Generation != reported?.ObservedGeneration,
            time,
            cancellationToken))
        {
            var context = new ReconcileContext
            {
                Since = since,
                Requested = requested == reported?.LastHandledReconcileAt ? null : requested,
                ReportProgressAsync = progress.ReportAsync,
            };
            reconciled = await reconciler.ReconcileAsync(resource, context, cancellationToken);
        }

        if (caveat is not null)
        {
            reconciled = reconciled with { Conditions = [.. reconciled.Conditions, ConditionRules.Undeclared(caveat)] };
        }

        return await reporter.ConcludeAsync(resource, reported, requested, reconciled, cancellationToken);
    }

    /// <summary>Null when it is not paused; an annotation that is ignored is a Warning.</summary>
    private DateTimeOffset? PausedUntil(T resource)
    {
        var now = time.GetUtcNow();
        if (Pause.Problem(resource.Metadata, options.PauseAnnotation, options.LongestPause, now) is { } problem)
        {
            reporter.Warn(resource, Reasons.Paused, problem);
        }

        return Pause.Of(resource.Metadata, options.PauseAnnotation, options.LongestPause, now);
    }

    /// <summary>A Warning at once and every hour, so that a pause is not forgotten.</summary>
    private async Task<ReconcileResult> PauseAsync(T resource, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var own = ConditionRules.Paused(options.PauseAnnotation, until);
        reporter.Warn(resource, Reasons.Paused, own[0].Message);
        await reporter.ReportQuietlyAsync(resource, own, cancellationToken);
        var left = until - time.GetUtcNow();
        return new ReconcileResult.Done(left < Reminder ? left : Reminder, ConditionTypes.Unknown);
    }

    /// <summary>What nobody declares any more is undone like what is deleted, and stays without any effect.</summary>
    private async Task<ReconcileResult> LeaveAsync(T resource, DeclarationState.Undeclared state, CancellationToken cancellationToken)
    {
        if (finalizers.Guards(resource.Metadata))
        {
            var result = await FinalizeAsync(resource, cancellationToken);
            if (resource.Metadata.IsBeingDeleted || result is not ReconcileResult.Done { RequeueAfter: null })
            {
                return result;
            }
        }

        return await _undeclared.RefuseAsync(resource, state, cancellationToken);
    }

    /// <summary>
    /// Decided from what is so now, not when it was asked for: a reconcile may be asked for, then the object deleted, and nobody comes back to an
    /// object that is gone.
    /// </summary>
    private async Task<ReconcileResult> FinalizeAsync(T resource, CancellationToken cancellationToken)
    {
        if (!finalizers.Guards(resource.Metadata))
        {
            return new ReconcileResult.Done(null, ConditionTypes.Unknown);
        }

        var context = new ReconcileContext { Since = time.GetTimestamp(), ReportProgressAsync = (_, _) => Task.CompletedTask };
        if (reconciler is IFinalizer<T> finalizer && await finalizer.FinalizeAsync(resource, context, cancellationToken) is { } unfinished)
        {
            await reporter.ReportAsync(resource, ConditionRules.Of(reporter.Clean(unfinished)), unfinished.Warns(), cancellationToken);
            return unfinished is Outcome.Failed failed
                ? new ReconcileResult.Failed(ConditionTypes.False, FailureReasons.LongestPause(failed.Reason, failed.IsAway))
                : new ReconcileResult.Done((unfinished as Outcome.Waiting)?.RetryIn, ConditionTypes.False);
        }

        await finalizers.RemoveAsync(resource.Metadata, cancellationToken);
        return new ReconcileResult.Done(null, ConditionTypes.Unknown);
    }

    /// <summary>The newest of the request annotations: their values are usually times, and any stable order will do.</summary>
    private string? Requested(ObjectMeta metadata) =>
        options.RequestAnnotations.Select(metadata.Annotation).Where(v => v is not null).Max(StringComparer.Ordinal);
}
