using Portcullis.Kubernetes.Events;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>What the loop does with a key after a visit.</summary>
internal abstract record VisitResult
{
    private VisitResult()
    {
    }

    /// <summary>Done; come back after a while, or only when something changes.</summary>
    public sealed record Done(TimeSpan? ComeBackIn, string Ready) : VisitResult;

    /// <summary>It failed: back off. <paramref name="IsAway"/> when the server did not answer, which is not the object's fault.</summary>
    public sealed record Failed(string Ready, bool IsAway) : VisitResult;

    /// <summary>Somebody else wrote at the same moment: look again shortly, no failure.</summary>
    public sealed record Conflict : VisitResult;
}

/// <summary>
/// One visit to one object, in this order: deletion, suspension, finalizer (before the first side effect), reconcile, then the
/// conclusion: conditions, observedGeneration, Events. All that a reconciler must not do stands here once.
/// </summary>
internal sealed class ReconcileVisit<T, TStatus>(
    IReconciler<T, TStatus> reconciler,
    StatusWriter<T, TStatus> statuses,
    FinalizerGuard finalizers,
    EventRecorder events,
    KubernetesOptions options,
    TimeProvider time)
    where T : class, IResource<T>, IControlled<TStatus>
    where TStatus : ResourceStatus
{
    public async Task<VisitResult> RunAsync(T resource, CancellationToken cancellationToken)
    {
        if (resource.Metadata.IsBeingDeleted)
        {
            return await FinalizeAsync(resource, cancellationToken);
        }

        if (resource.IsSuspended)
        {
            return await SuspendAsync(resource, cancellationToken);
        }

        if (reconciler is IFinalizer<T> && !finalizers.Guards(resource.Metadata))
        {
            await finalizers.AddAsync(resource.Metadata, cancellationToken);
        }

        var told = statuses.Told(resource);
        var requested = Requested(resource.Metadata);
        Reconciled<TStatus> reconciled;
        await using (var progress = new ProgressReporter(
            (message, token) => TellProgressAsync(resource, message, token), Generation(resource) != told?.ObservedGeneration, time, cancellationToken))
        {
            var context = new ReconcileContext
            {
                Requested = requested == told?.LastHandledReconcileAt ? null : requested,
                ReportProgressAsync = progress.ReportAsync,
            };
            reconciled = await reconciler.ReconcileAsync(resource, context, cancellationToken);
        }

        return await ConcludeAsync(resource, told, requested, reconciled, cancellationToken);
    }

    /// <summary>The visit threw: says so in the status, keeping what the last good visit told.</summary>
    public async Task<VisitResult> FailAsync(T resource, Exception error, CancellationToken cancellationToken)
    {
        var told = statuses.Told(resource);
        var reason = FailureReasons.Of(error);
        var message = Clean(error.Message);
        var before = told?.Conditions ?? [];
        var conditions = Stamp(before, ConditionRules.Failure(reason, message), ConditionRules.Others(before), resource);
        Transition(resource, before, conditions[0], warning: true);
        await statuses.WriteAsync(resource, conditions, told?.ObservedGeneration, told?.LastHandledReconcileAt, cancellationToken);
        return new VisitResult.Failed(ConditionTypes.False, error is HttpRequestException);
    }

    private async Task<VisitResult> ConcludeAsync(
        T resource, TStatus? told, string? requested, Reconciled<TStatus> reconciled, CancellationToken cancellationToken)
    {
        var before = told?.Conditions ?? [];
        var outcome = Clean(reconciled.Outcome);
        var own = ConditionRules.Of(outcome);
        var conditions = Stamp(before, own, reconciled.Conditions.Select(c => c with { Message = Clean(c.Message) }), resource);
        var settled = outcome is Outcome.Ready or Outcome.Stalled;
        var status = (TStatus)((ResourceStatus)reconciled.Status with
        {
            Conditions = conditions,
            ObservedGeneration = settled ? Generation(resource) : told?.ObservedGeneration,
            LastHandledReconcileAt = requested ?? told?.LastHandledReconcileAt,
        });
        foreach (var reported in reconciled.Events)
        {
            events.Record(T.Definition, resource.Metadata, reported);
        }

        Transition(resource, before, conditions[0], warning: outcome is Outcome.Stalled or Outcome.Failed);
        await statuses.WriteAsync(resource, status, cancellationToken);
        return outcome is Outcome.Failed failed ? new VisitResult.Failed(conditions[0].Status, failed.IsAway) : new VisitResult.Done(
            outcome switch
            {
                Outcome.Ready ready => ready.CheckAgainIn,
                Outcome.Waiting waiting => waiting.RetryIn,
                Outcome.Stalled stalled => stalled.CheckAgainIn,
                _ => null,
            },
            conditions[0].Status);
    }

    private async Task<VisitResult> FinalizeAsync(T resource, CancellationToken cancellationToken)
    {
        if (!finalizers.Guards(resource.Metadata))
        {
            return new VisitResult.Done(null, ConditionTypes.Unknown);
        }

        if (reconciler is IFinalizer<T> finalizer && await finalizer.FinalizeAsync(resource, cancellationToken) is { } unfinished)
        {
            var told = statuses.Told(resource);
            var before = told?.Conditions ?? [];
            var conditions = Stamp(before, ConditionRules.Of(Clean(unfinished)), ConditionRules.Others(before), resource);
            Transition(resource, before, conditions[0], warning: unfinished is Outcome.Failed);
            await statuses.WriteAsync(resource, conditions, told?.ObservedGeneration, told?.LastHandledReconcileAt, cancellationToken);
            return unfinished is Outcome.Failed failed
                ? new VisitResult.Failed(ConditionTypes.False, failed.IsAway)
                : new VisitResult.Done((unfinished as Outcome.Waiting)?.RetryIn, ConditionTypes.False);
        }

        await finalizers.RemoveAsync(resource.Metadata, cancellationToken);
        return new VisitResult.Done(null, ConditionTypes.Unknown);
    }

    private async Task<VisitResult> SuspendAsync(T resource, CancellationToken cancellationToken)
    {
        var told = statuses.Told(resource);
        var before = told?.Conditions ?? [];
        var own = ConditionRules.Suspended(ConditionRules.Find(before, ConditionTypes.Ready));
        var conditions = Stamp(before, own, ConditionRules.Others(before), resource);
        Transition(resource, before, conditions[0], warning: false);
        await statuses.WriteAsync(resource, conditions, Generation(resource), told?.LastHandledReconcileAt, cancellationToken);
        return new VisitResult.Done(null, ConditionTypes.Unknown);
    }

    private Task<bool> TellProgressAsync(T resource, string message, CancellationToken cancellationToken)
    {
        var told = statuses.Told(resource);
        var before = told?.Conditions ?? [];
        var conditions = Stamp(before, ConditionRules.Progress(Clean(message)), ConditionRules.Others(before), resource);
        return statuses.WriteAsync(resource, conditions, told?.ObservedGeneration, told?.LastHandledReconcileAt, cancellationToken);
    }

    /// <summary>One Event when Ready turns or, while it is not True, when its reason or a failure's words change.</summary>
    private void Transition(T resource, IReadOnlyList<Condition> before, Condition ready, bool warning)
    {
        var old = ConditionRules.Find(before, ConditionTypes.Ready);
        var same = old is not null && old.Status == ready.Status
            && (ready.Status == ConditionTypes.True || (old.Reason == ready.Reason && (!warning || old.Message == ready.Message)));
        if (!same)
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

    private static long? Generation(T resource) => resource.Metadata.Generation;

    /// <summary>The newest of the request annotations: their values are times in most hands, and any order that stays the same will do.</summary>
    private string? Requested(ObjectMeta metadata) =>
        options.RequestAnnotations.Select(metadata.Annotation).Where(v => v is not null).Max(StringComparer.Ordinal);
}
