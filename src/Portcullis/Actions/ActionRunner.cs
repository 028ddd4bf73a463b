using System.Collections.Concurrent;
using Portcullis.Audit;
using Portcullis.Kubernetes;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Actions;

/// <summary>
/// The one place where the world is changed on behalf of a plan. It starts actions in the order of <see cref="ActionOrder"/>, several at once,
/// attributes what they put back, collects the failure of each, and hands every result to the audit. One action's failure ends nothing but what
/// depends on it.
/// </summary>
internal sealed class ActionRunner(ParallelRequests requests, IAuditSink audit, KubernetesOptions options, TimeProvider time)
{
    /// <summary>How often an action is tried again because somebody wrote to the same object at the same moment.</summary>
    private const int Attempts = 5;

    /// <summary>So many actions in a row without an answer are not their objects' fault: the other side is away, and the rest is not tried.</summary>
    private const int UnansweredLimit = 40;

    /// <summary>Somebody else keeps changing what this program keeps putting back.</summary>
    public const string ContestedReason = "Contested";

    private static readonly TimeSpan AfterConflict = TimeSpan.FromMilliseconds(50);

    private readonly RevertLimit _reverts = new(time);

    /// <summary>The result of every action, in the plan's order.</summary>
    /// <param name="actor">Who acts, as the audit names it: the controller.</param>
    /// <param name="actions">The plan's actions.</param>
    /// <param name="executor">What they do.</param>
    /// <param name="cancellationToken">Ends the run; what has not ended by then is reported nowhere.</param>
    /// <param name="ended">Called after each result, with how many there are by now.</param>
    public async Task<IReadOnlyList<ActionResult>> RunAsync<TAction>(
        string actor, IReadOnlyCollection<TAction> actions, IActionExecutor<TAction> executor, CancellationToken cancellationToken, Func<int, Task>? ended = null)
        where TAction : PlannedAction
    {
        if (actions.Count == 0)
        {
            return [];
        }

        var run = new Run<TAction>(this, actor, actions, executor, ended);
        await requests.ForEachAsync(Enumerable.Range(0, Math.Min(actions.Count, requests.AtOnce)), (_, token) => run.WorkAsync(token), cancellationToken);
        return run.Results();
    }

    private async Task<ActionResult> ExecuteAsync<TAction>(string actor, TAction action, IActionExecutor<TAction> executor, CancellationToken cancellationToken)
        where TAction : PlannedAction
    {
        try
        {
            var reverted = await executor.AttributeAsync(action, cancellationToken);
            if (reverted is not null && _reverts.Wait(actor, action.PutsBack) is { } pause)
            {
                return Contested(action, reverted, pause);
            }

            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await executor.ExecuteAsync(action, cancellationToken);
                    if (reverted is null)
                    {
                        _reverts.Forget(actor, action.PutsBack);
                    }
                    else
                    {
                        _reverts.Add(actor, action.PutsBack);
                    }

                    return new ActionResult.Done(action) { Reverted = reverted };
                }
                catch (KubernetesApiException e) when (e.IsWriteConflict && attempt < Attempts)
                {
                    await Task.Delay(AfterConflict * attempt, time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // whatever an action throws is its own failure
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new ActionResult.Failed(action, new Problem((e as ActionFailedException)?.Reason ?? FailureReasons.Of(e), "", options.Sanitize(e.Message)), e is HttpRequestException)
            {
                RetryAfter = (e as KubernetesApiException)?.RetryAfter,
            };
        }
    }

    private static ActionResult.Failed Contested(PlannedAction action, Attribution by, TimeSpan pause) => new(
        action,
        new Problem(
            ContestedReason,
            "",
            $"{string.Join(", ", action.PutsBack)} was changed {RevertLimit.Most} times within a minute, the last time {by}; it is put back again in {Math.Ceiling(pause.TotalSeconds):0} s. "
            + "Find out what else writes it"))
    {
        RetryAfter = pause,
    };

    /// <summary>One plan on its way.</summary>
    private sealed class Run<TAction>(
        ActionRunner runner, string actor, IReadOnlyCollection<TAction> actions, IActionExecutor<TAction> executor, Func<int, Task>? ended)
        where TAction : PlannedAction
    {
        private readonly Lock _gate = new();
        private readonly ActionOrder _order = new(actions);
        private readonly ConcurrentDictionary<string, ActionResult> _results = new(StringComparer.Ordinal);
        private int _unanswered;
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<ActionResult> Results() => [.. actions.Select(a => _results[a.Id])];

        public async ValueTask WorkAsync(CancellationToken cancellationToken)
        {
            while (true)
            {
                PlannedAction? next;
                Task changed;
                lock (_gate)
                {
                    if (_order.IsFinished)
                    {
                        return;
                    }

                    next = _order.TakeNext();
                    changed = _changed.Task;
                }

                if (next is TAction action)
                {
                    await EndAsync(await runner.ExecuteAsync(actor, action, executor, cancellationToken));
                }
                else
                {
                    await changed.WaitAsync(cancellationToken);
                }
            }
        }

        private async Task EndAsync(ActionResult result)
        {
            IReadOnlyList<ActionResult> all;
            lock (_gate)
            {
                _unanswered = result is ActionResult.Failed { IsAway: true } ? _unanswered + 1 : 0;
                all = [result, .. _order.End(result.Action, result is ActionResult.Done), .. _unanswered == UnansweredLimit ? _order.Abandon(result.Action) : []];
                foreach (var one in all)
                {
                    _results[one.Action.Id] = one;
                }

                _changed.SetResult();
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            foreach (var one in all)
            {
                runner.Audit(actor, one);
            }

            if (ended is not null)
            {
                await ended(_results.Count);
            }
        }
    }

    private void Audit(string actor, ActionResult result) => audit.Write(new AuditRecord(time.GetUtcNow(), actor, result));
}
