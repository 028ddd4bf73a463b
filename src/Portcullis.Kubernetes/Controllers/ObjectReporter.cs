using Portcullis.Kubernetes.Declarations;
using Portcullis.Kubernetes.Events;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>Reports what came of a reconcile: conditions, observedGeneration, what is declared, and Events.</summary>
internal sealed class ObjectReporter<T, TStatus>(
    StatusWriter<T, TStatus> statuses, EventRecorder events, IDeclarationGate<T>? gate, KubernetesOptions options, TimeProvider time)
    where T : class, IResource<T>, IControlled<TStatus>
    where TStatus : ResourceStatus
{
    /// <summary>The status that was written last, or that the store shows.</summary>
    public TStatus? Reported(T resource) => statuses.Reported(resource);

    /// <summary>The conditions of the loop alone: what the reconciler reported last stays. <paramref name="settles"/>: this generation has been dealt with.</summary>
    public async Task ReportAsync(
        T resource, IReadOnlyList<Condition> own, bool warning, CancellationToken cancellationToken, bool settles = false, IReadOnlyList<Condition>? more = null)
    {
        var before = Reported(resource)?.Conditions ?? [];
        var loop = LoopOf(resource, own, more ?? [], settles);
        Transition(resource, before, loop.Conditions[0], warning);
        await statuses.WriteAsync(resource, loop, cancellationToken);
    }

    /// <summary>The same without an Event. False when there was nothing to write.</summary>
    public Task<bool> ReportQuietlyAsync(T resource, IReadOnlyList<Condition> own, CancellationToken cancellationToken) =>
        statuses.WriteAsync(resource, LoopOf(resource, own, [], settles: false), cancellationToken);

    public async Task<ReconcileResult> ConcludeAsync(
        T resource, TStatus? reported, string? requested, Reconciled<TStatus> reconciled, CancellationToken cancellationToken)
    {
        var before = reported?.Conditions ?? [];
        var outcome = Clean(reconciled.Outcome);
        var conditions = Stamp(before, ConditionRules.Of(outcome), reconciled.Conditions.Select(c => c with { Message = Clean(c.Message) }), resource);
        var settled = outcome is Outcome.Ready or Outcome.Stalled;
        if (reported is null && Quietly(outcome) is var (patience, again) && Age(resource) < patience)
        {
            return new ReconcileResult.Done(again, ConditionTypes.Unknown);
        }

        foreach (var happened in reconciled.Events)
        {
            events.Record(T.Definition, resource.Metadata, happened);
        }

        Transition(resource, before, conditions[0], outcome.Warns());
        var loop = new LoopStatus(
            conditions, settled ? resource.Metadata.Generation : reported?.ObservedGeneration, requested ?? reported?.LastHandledReconcileAt, DeclaredOf(resource, reported));
        await statuses.WriteAsync(resource, (TStatus)loop.On(reconciled.Status), cancellationToken);
        return ResultOf(outcome, conditions[0].Status);
    }

    /// <summary>A warning of its own, beside the conditions.</summary>
    public void Warn(T resource, string reason, string message) => events.Record(T.Definition, resource.Metadata, new ReportedEvent(true, reason, message));

    public Outcome Clean(Outcome outcome) => outcome switch
    {
        Outcome.Ready ready => ready with { Message = Clean(ready.Message) },
        Outcome.Waiting waiting => waiting with { Message = Clean(waiting.Message) },
        Outcome.Stalled stalled => stalled with { Message = Clean(stalled.Message) },
        Outcome.Failed failed => failed with { Message = Clean(failed.Message) },
        _ => outcome,
    };

    public string Clean(string message) => options.Sanitize(message);

    private LoopStatus LoopOf(T resource, IReadOnlyList<Condition> own, IReadOnlyList<Condition> more, bool settles)
    {
        var reported = Reported(resource);
        var before = reported?.Conditions ?? [];
        return new LoopStatus(
            Stamp(before, own, more.Concat(ConditionRules.Others(before)), resource),
            settles ? resource.Metadata.Generation : reported?.ObservedGeneration,
            reported?.LastHandledReconcileAt,
            DeclaredOf(resource, reported));
    }

    /// <summary>How long a new object with this outcome is not reported, and when it is looked at again; null when it is reported at once.</summary>
    private static (TimeSpan Patience, TimeSpan Again)? Quietly(Outcome outcome) => outcome switch
    {
        Outcome.Waiting { ReportAfter: { } patience } waiting => (patience, waiting.RetryIn < patience ? waiting.RetryIn : patience),
        Outcome.Stalled { ReportAfter: { } patience } => (patience, patience),
        _ => null,
    };

    private static ReconcileResult ResultOf(Outcome outcome, string ready) => outcome is Outcome.Failed failed
        ? new ReconcileResult.Failed(ready, FailureReasons.LongestPause(failed.Reason, failed.IsAway))
        : new ReconcileResult.Done(
            outcome switch
            {
                Outcome.Ready one => one.CheckAgainIn,
                Outcome.Waiting waiting => waiting.RetryIn,
                Outcome.Stalled stalled => stalled.CheckAgainIn,
                _ => null,
            },
            ready);

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

    /// <summary>While an object is not as it is declared, or that is not known, its status keeps naming what was confirmed last.</summary>
    private Declaration? DeclaredOf(T resource, TStatus? reported) => gate?.Of(resource) switch
    {
        DeclarationState.Confirmed confirmed => confirmed.Declared,
        DeclarationState.Undeclared => null,
        _ => (reported as DeclarableStatus)?.Declared,
    };

    private IReadOnlyList<Condition> Stamp(IReadOnlyList<Condition> before, IReadOnlyList<Condition> own, IEnumerable<Condition> more, T resource) =>
        ConditionRules.Stamp(before, own, more.DistinctBy(c => c.Type, StringComparer.Ordinal), resource.Metadata.Generation ?? 0, time.GetUtcNow());

    private TimeSpan Age(T resource) => time.GetUtcNow() - (resource.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue);
}
