using System.Collections.Concurrent;
using Portcullis.Kubernetes.Declarations;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>
/// What the loop does with objects that are not what is declared (design law 1): nothing of them is acted upon, what was declared stays in force,
/// and the status says so unless that passes within moments.
/// </summary>
internal sealed class UndeclaredObjects<T, TStatus>(
    ObjectReporter<T, TStatus> reporter, FinalizerGuard finalizers, IDeclarationGate<T>? gate, TimeProvider time)
    where T : class, IResource<T>, IControlled<TStatus>
    where TStatus : ResourceStatus
{
    /// <summary>An edit is brought back, and a source read, within a second or two; what takes longer is reported.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ObjectKey, (long? Generation, long Since)> _held = new();

    /// <summary>The object was edited. One that is being deleted though it is declared may go at once: it is made again, and its effects stay.</summary>
    public async Task<ReconcileResult> KeepAsync(T resource, DeclarationState.Edited state, CancellationToken cancellationToken)
    {
        if (resource.Metadata.IsBeingDeleted)
        {
            if (finalizers.Guards(resource.Metadata))
            {
                await finalizers.RemoveAsync(resource.Metadata, cancellationToken);
            }

            return new ReconcileResult.Done(null, ConditionTypes.Unknown);
        }

        if (Remaining(resource) is { } remaining)
        {
            return new ReconcileResult.Done(remaining, ConditionTypes.Unknown);
        }

        var who = await gate!.WhoChangedAsync(resource.Metadata.Key, cancellationToken);
        var message = $"edited {who}; what {state.Source} declares stays in force, and the object is to be brought back to it";
        return await ReportAsync(resource, ConditionRules.Held(Reasons.Edited, message, ConditionTypes.False), cancellationToken);
    }

    /// <summary>
    /// The object is as it is declared. The patience begins anew with its next edit: while a source writes a commit, what it confirmed may be ahead of the store, which then shows a
    /// generation that was held long ago.
    /// </summary>
    public void Release(ObjectKey key) => _held.TryRemove(key, out _);

    /// <summary>Nobody can say what is declared: nothing is done, a deletion waits too.</summary>
    public async Task<ReconcileResult> WaitAsync(T resource, DeclarationState.Unknown state, CancellationToken cancellationToken) =>
        Remaining(resource) is { } remaining
            ? new ReconcileResult.Done(remaining, ConditionTypes.Unknown)
            : await ReportAsync(resource, ConditionRules.Held(Reasons.DeclarationUnknown, state.Message, ConditionTypes.Unknown), cancellationToken);

    /// <summary>Nobody declares the object.</summary>
    public async Task<ReconcileResult> RefuseAsync(T resource, DeclarationState.Undeclared state, CancellationToken cancellationToken)
    {
        Release(resource.Metadata.Key);
        if (resource.Metadata.IsBeingDeleted)
        {
            return new ReconcileResult.Done(null, ConditionTypes.Unknown);
        }

        var who = await gate!.WhoChangedAsync(resource.Metadata.Key, cancellationToken);
        var (own, more) = ConditionRules.Refused($"{state.Message}; last changed {who}");
        await reporter.ReportAsync(resource, own, warning: true, cancellationToken, settles: true, more);
        return new ReconcileResult.Done(null, ConditionTypes.False);
    }

    private async Task<ReconcileResult> ReportAsync(
        T resource, (IReadOnlyList<Condition> Own, IReadOnlyList<Condition> More) conditions, CancellationToken cancellationToken)
    {
        await reporter.ReportAsync(resource, conditions.Own, warning: true, cancellationToken, more: conditions.More);
        return new ReconcileResult.Done(null, ConditionTypes.False);
    }

    /// <summary>How long nothing is reported yet; null when it is time.</summary>
    private TimeSpan? Remaining(T resource)
    {
        var (key, generation) = (resource.Metadata.Key, resource.Metadata.Generation);
        var held = _held.AddOrUpdate(
            key, _ => (generation, time.GetTimestamp()), (_, known) => known.Generation == generation ? known : (generation, time.GetTimestamp()));
        var remaining = Patience - time.GetElapsedTime(held.Since);
        return remaining > TimeSpan.Zero ? remaining : null;
    }
}
