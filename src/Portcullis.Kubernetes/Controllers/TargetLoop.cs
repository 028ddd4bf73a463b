using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Portcullis.Http.Messages;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Queues;
using Prometheus;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>
/// The loop beside the object loops for what several objects share. A target is reconciled once at the start, when somebody disturbs it,
/// when what it must be changes (an input, or the clock), after a failure with back-off for ever, and whenever an object's own reconcile
/// asks for it (<see cref="EnsureAsync"/>). One caller at a time works on a target, and the failure of one target stops no other.
/// </summary>
public sealed partial class TargetLoop<TReconciler> : IControllerLoop, ITargetQueue, IDisposable
    where TReconciler : class, ITargetReconciler
{
    /// <summary>The key that stands for all targets; no object can have this name.</summary>
    private static readonly ObjectKey All = ObjectKey.Cluster("*");

    /// <summary>Many changes of inputs within this time are one, at the least.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// And for each target this much longer, so that while inputs keep changing the rounds over all targets take a small part of the time, however many
    /// there are.
    /// </summary>
    private static readonly TimeSpan SettleForEach = TimeSpan.FromMicroseconds(200);

    /// <summary>A reconcile that takes longer is cancelled and counts as failed.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly TReconciler _targets;
    private readonly ParallelRequests _requests;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly KeyedTurns<ObjectKey> _turns = new();
    private readonly WorkQueue<ObjectKey> _queue;
    private readonly Worker<ObjectKey> _worker;
    private int _inLastRound;

    public TargetLoop(TReconciler targets, ParallelRequests requests, TimeProvider time, IMetricFactory metrics, ILogger<TReconciler> logger)
    {
        _targets = targets;
        _requests = requests;
        _time = time;
        _logger = logger;
        _queue = new WorkQueue<ObjectKey>(new WorkQueueOptions(targets.Name) { SlowWorkers = Math.Max(1, targets.Workers / 4) }, time, metrics);
        _worker = new Worker<ObjectKey>(targets.Name, Limit, _queue, time);
    }

    public string Name => _targets.Name;

    public string? FindStuck() => _worker.FindStuck();

    /// <summary>Makes one target right on behalf of an object that is being reconciled; <paramref name="since"/> is that reconcile's.</summary>
    public async Task<IReadOnlyList<ActionResult>> EnsureAsync(ObjectKey target, long since, CancellationToken cancellationToken)
    {
        using var turn = await _turns.TakeAsync(target, cancellationToken);
        var result = await _targets.ReconcileAsync(target, since, cancellationToken);
        if (result.NextChange is { } next)
        {
            _queue.AddAfter(target, next - _time.GetUtcNow(), WorkPriority.Live);
        }

        return result.Results;
    }

    /// <summary>
    /// Makes several targets right, some at once, and returns all results in the order of the targets. A target that throws stops no other:
    /// what it threw is thrown when all have ended.
    /// </summary>
    public async Task<IReadOnlyList<ActionResult>> EnsureAllAsync(
        IReadOnlyCollection<ObjectKey> targets, long since, Func<int, Task> progress, CancellationToken cancellationToken)
    {
        var results = new ConcurrentDictionary<ObjectKey, IReadOnlyList<ActionResult>>();
        var errors = new ConcurrentQueue<Exception>();
        var ended = 0;
        await _requests.ForEachAsync(
            targets,
            async (target, token) =>
            {
                try
                {
                    results[target] = await EnsureAsync(target, since, token);
                }
                catch (Exception e) when (!token.IsCancellationRequested)
                {
                    errors.Enqueue(e);
                }

                await progress(Interlocked.Increment(ref ended));
            },
            cancellationToken);
        if (errors.TryPeek(out var first))
        {
            ExceptionDispatchInfo.Throw(first);
        }

        return [.. targets.SelectMany(t => results[t])];
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Connected first, listed after: a change between the two is seen twice rather than not at all.
        var subscriptions = _targets.Subscribe(this).ToList();
        try
        {
            _queue.Add(All, WorkPriority.Background);
            await _worker.RunAsync(_targets.Workers, ProcessAsync, cancellationToken);
        }
        finally
        {
            subscriptions.ForEach(s => s.Dispose());
        }
    }

    public void Disturbed(ObjectKey target) => _queue.Add(target);

    public void InputsChanged()
    {
        var round = SettleForEach * Volatile.Read(ref _inLastRound);
        _queue.AddAfter(All, round > Settle ? round : Settle);
    }

    public void Dispose() => _queue.Dispose();

    private async Task ProcessAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        IReadOnlyList<ActionResult> results = [];
        var attempt = await _worker.AttemptAsync(
            key, async token => results = key == All ? AddAll() : await EnsureAsync(key, _queue.WantedAt(key), token), cancellationToken);
        if (attempt is Attempt.Stopped)
        {
            return;
        }

        var failure = attempt is Attempt.Failed { Error: var error }
            ? new Outcome.Failed(FailureReasons.Of(error), error.Message, error is HttpRequestException)
            : Outcome.Failed.Among(results);
        if (failure is null)
        {
            _queue.Forget(key);
        }
        else
        {
            Log.Failed(_logger, Name, key, MessageSanitizer.Clean(failure.Message));
            _queue.Failed(key, FailureReasons.LongestPause(failure.Reason, failure.IsAway));
        }

        if (key != All)
        {
            _targets.Report(key, results, failure is not null);
        }
    }

    private IReadOnlyList<ActionResult> AddAll()
    {
        var count = 0;
        foreach (var target in _targets.Targets())
        {
            _queue.Add(target, WorkPriority.Background, fresh: true);
            count++;
        }

        Volatile.Write(ref _inLastRound, count);
        return [];
    }

    private static partial class Log
    {
        [LoggerMessage(1151, LogLevel.Warning, "{Controller} {Key} failed: {Error}")]
        public static partial void Failed(ILogger logger, string controller, ObjectKey key, string error);
    }
}
