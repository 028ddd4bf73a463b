using Portcullis.Kubernetes.Events;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>
/// One reconcile of one object, in this order: deletion, suspension, finalizer (before the first side effect), the reconciler, then
/// conditions, observedGeneration and Events. All that a reconciler must not do is here, once.
/// </summary>
internal sealed class ObjectReconcile<T, TStatus>(
    IReconciler<T, TStatus> reconciler,
    StatusWriter<T, TStatus> statuses,
    FinalizerGuard finalizers,
    EventRecorder events,
    KubernetesOptions options,
    TimeProvider time)
    where T : class, IResource<T>, IControlled<TStatus>
    where TStatus : ResourceStatus
{
    /// <summary><paramref name="since"/>: when it was asked for, as a timestamp of the clock.</summary>
    public async Task<ReconcileResult> RunAsync(T resource, long since, CancellationToken cancellationToken)
    {
        if (resource.Metadata.IsBeingDeleted)
        {
            return await FinalizeAsync(resource, since, cancellationToken);
        }

        if (resource.IsSuspended)
        {
            return await SuspendAsync(resource, cancellationToken);
        }

        if (reconciler is IFinalizer<T> && !finalizers.Guards(resource.Metadata))
        {
            await finalizers.AddAsync(resource.Metadata, cancellationToken);
        }

        var reported = statuses.Reported(resource);
        var requested = Requested(resource.Metadata);
        Reconciled<TStatus> reconciled;
        await using (var progress = new ProgressReporter(
            (message, token) => ReportProgressAsync(resource, message, token), Generation(resource) != reported?.ObservedGeneration, time, cancellationToken))
        {
            var context = new ReconcileContext
            {
                Since = since,
                Requested = requested == reported?.LastHandledReconcileAt ? null : requested,
                ReportProgressAsync = progress.ReportAsync,
            };
            reconciled = await reconciler.ReconcileAsync(resource, context, cancellationToken);
        }

        return await ConcludeAsync(resource, reported, requested, reconciled, cancellationToken);
    }

    /// <summary>The reconcile threw: reports it in the status, and keeps what the last successful reconcile reported.</summary>
    public async Task<ReconcileResult> FailAsync(T resource, Exception error, CancellationToken cancellationToken)
    {
        var reported = statuses.Reported(resource);
        var reason = FailureReasons.Of(error);
        var message = Clean(error.Message);
        var before = reported?.Conditions ?? [];
        var conditions = Stamp(before, ConditionRules.Failure(reason, message), ConditionRules.Others(before), resource);
        Transition(resource, before, conditions[0], warning: true);
        await statuses.WriteAsync(resource, conditions, reported?.ObservedGeneration, reported?.LastHandledReconcileAt, cancellationToken);
        return new ReconcileResult.Failed(ConditionTypes.False, FailureReasons.LongestPause(reason, error is HttpRequestException));
    }

    private async Task<ReconcileResult> ConcludeAsync(
        T resource, TStatus? reported, string? requested, Reconciled<TStatus> reconciled, CancellationToken cancellationToken)
    {
        var before = reported?.Conditions ?? [];
        var outcome = Clean(reconciled.Outcome);
        var own = ConditionRules.Of(outcome);
        var conditions = Stamp(before, own, reconciled.Conditions.Select(c => c with { Message = Clean(c.Message) }), resource);
        var settled = outcome is Outcome.Ready or Outcome.Stalled;
        var status = (TStatus)((ResourceStatus)reconciled.Status with
        {
            Conditions = conditions,
            ObservedGeneration = settled ? Generation(resource) : reported?.ObservedGeneration,
            LastHandledReconcileAt = requested ?? reported?.LastHandledReconcileAt,
        });
        if (outcome is Outcome.Waiting { ReportAfter: { } patience } quiet && reported is null && Age(resource) < patience)
        {
            return new ReconcileResult.Done(quiet.RetryIn < patience ? quiet.RetryIn : patience, ConditionTypes.Unknown);
        }

        foreach (var happened in reconciled.Events)
        {
            events.Record(T.Definition, resource.Metadata, happened);
        }

        Transition(resource, before, conditions[0], warning: outcome is Outcome.Stalled or Outcome.Failed);
        await statuses.WriteAsync(resource, status, cancellationToken);
        return outcome is Outcome.Failed failed ? new ReconcileResult.Failed(conditions[0].Status, FailureReasons.LongestPause(failed.Reason, failed.IsAway)) : new ReconcileResult.Done(
            outcome switch
            {
                Outcome.Ready ready => ready.CheckAgainIn,
                Outcome.Waiting waiting => waiting.RetryIn,
                Outcome.Stalled stalled => stalled.CheckAgainIn,
                _ => null,
            },
            conditions[0].Status);
    }

    private async Task<ReconcileResult> FinalizeAsync(T resource, long since, CancellationToken cancellationToken)
    {
        if (!finalizers.Guards(resource.Metadata))
        {
            return new ReconcileResult.Done(null, ConditionTypes.Unknown);
        }

        var context = new ReconcileContext { Since = since, ReportProgressAsync = (_, _) => Task.CompletedTask };
        if (reconciler is IFinalizer<T> finalizer && await finalizer.FinalizeAsync(resource, context, cancellationToken) is { } unfinished)
        {
            var reported = statuses.Reported(resource);
            var before = reported?.Conditions ?? [];
            var conditions = Stamp(before, ConditionRules.Of(Clean(unfinished)), ConditionRules.Others(before), resource);
            Transition(resource, before, conditions[0], warning: unfinished is Outcome.Failed);
            await statuses.WriteAsync(resource, conditions, reported?.ObservedGeneration, reported?.LastHandledReconcileAt, cancellationToken);
            return unfinished is Outcome.Failed failed
                ? new ReconcileResult.Failed(ConditionTypes.False, FailureReasons.LongestPause(failed.Reason, failed.IsAway))
                : new ReconcileResult.Done((unfinished as Outcome.Waiting)?.RetryIn, ConditionTypes.False);
        }

        await finalizers.RemoveAsync(resource.Metadata, cancellationToken);
        return new ReconcileResult.Done(null, ConditionTypes.Unknown);
    }

    private async Task<ReconcileResult> SuspendAsync(T resource, CancellationToken cancellationToken)
    {
        var reported = statuses.Reported(resource);
        var before = reported?.Conditions ?? [];
        var own = ConditionRules.Suspended(ConditionRules.Find(before, ConditionTypes.Ready));
        var conditions = Stamp(before, own, ConditionRules.Others(before), resource);
        Transition(resource, before, conditions[0], warning: false);
        await statuses.WriteAsync(resource, conditions, Generation(resource), reported?.LastHandledReconcileAt, cancellationToken);
        return new ReconcileResult.Done(null, ConditionTypes.Unknown);
    }

    private Task<bool> ReportProgressAsync(T resource, string message, CancellationToken cancellationToken)
    {
        var reported = statuses.Reported(resource);
        var before = reported?.Conditions ?? [];
        var conditions = Stamp(before, ConditionRules.Progress(Clean(message)), ConditionRules.Others(before), resource);
        return statuses.WriteAsync(resource, conditions, reported?.ObservedGeneration, reported?.LastHandledReconcileAt, cancellationToken);
    }

    /// <summary>
    /// One Event when Ready turns or, while it is not True, when its reason or a failure's message change. That a new object is Ready at once is no
    /// news to anybody: of thousands that a commit brings, the few that are not must be found.
    /// </summary>
    private void Transition(T resource, IReadOnlyList<Condition> before, Condition ready, bool warning)
    {
        var old = ConditionRules.Find(before, ConditionTypes.Ready);
        var same = old is not null && old.Status == ready.Status
            && (ready.Status == ConditionTypes.True || (old.Reason == ready.Reason && (!warning || old.Message == ready.Message)));
        if (!same && !(old is null && ready.Status == ConditionTypes.True))
        {
            events.Record(T.Definition, resource.Metadata, new ReportedEvent(warning, ready.Reason, ready.Message));
        }
    }

    private IReadOnlyList<Condition> Stamp(IReadOnlyList<Condition> before, IReadOnlyList<Condition> own, IEnumerable<Condition> more, T resource) =>
        ConditionRules.Stamp(before, own, more, Generation(resource) ?? 0, time.GetUtcNow());

    private Outcome Clean(Outcome outcome) => outcome switch
    {
        Outcome.Ready ready => ready with { Message = Clean(ready.Message) },
        Outcome.Waiting waiting => waiting with { Message = Clean(waiting.Message) },
        Outcome.Stalled stalled => stalled with { Message = Clean(stalled.Message) },
        Outcome.Failed failed => failed with { Message = Clean(failed.Message) },
        _ => outcome,
    };

    private string Clean(string message) => options.Sanitize(message);

    private TimeSpan Age(T resource) => time.GetUtcNow() - (resource.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue);

    private static long? Generation(T resource) => resource.Metadata.Generation;

    /// <summary>The newest of the request annotations: their values are usually times, and any stable order will do.</summary>
    private string? Requested(ObjectMeta metadata) =>
        options.RequestAnnotations.Select(metadata.Annotation).Where(v => v is not null).Max(StringComparer.Ordinal);
}
