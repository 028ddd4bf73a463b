using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Portcullis.Kubernetes.Queues;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>How a <see cref="KeyLoop"/> works: what starts it off, what it listens to, and what a visit does.</summary>
public sealed record KeyLoopOptions(string Name)
{
    public int Workers { get; init; } = 4;

    /// <summary>A visit that takes longer counts as failed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Every key there is work for at the start; asked after <see cref="Subscribe"/>.</summary>
    public required Func<IEnumerable<ObjectKey>> Initial { get; init; }

    /// <summary>Connects the stores whose changes matter.</summary>
    public required Func<WorkQueue<ObjectKey>, IEnumerable<IDisposable>> Subscribe { get; init; }

    /// <summary>Makes the world right for one key. Whatever it throws is retried with back-off, for ever.</summary>
    public required Func<ObjectKey, CancellationToken, Task> Visit { get; init; }

    /// <summary>Told of each failure, to say it where people look.</summary>
    public Action<ObjectKey, Exception> Failed { get; init; } = (_, _) => { };
}

/// <summary>
/// A controller whose unit of work is no object of ours: the bindings of a namespace, a role that ships with the program. Same queue and
/// back-off as <c>ControllerLoop</c>, no status of its own.
/// </summary>
public sealed partial class KeyLoop(KeyLoopOptions options, TimeProvider time, ILogger logger) : IControllerLoop, IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly WorkQueue<ObjectKey> _queue = new(new WorkQueueOptions(options.Name) { SlowWorkers = Math.Max(1, options.Workers / 4) }, time);
    private readonly ConcurrentDictionary<ObjectKey, long> _inHand = new();

    public string Name => options.Name;

    public string? Wedged()
    {
        foreach (var (key, since) in _inHand)
        {
            if (time.GetElapsedTime(since) > options.Timeout + Grace)
            {
                return $"{Name} {key}";
            }
        }

        return null;
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var subscriptions = options.Subscribe(_queue).ToList();
        try
        {
            foreach (var key in options.Initial())
            {
                _queue.Add(key, WorkPriority.Background);
            }

            await Task.WhenAll(Enumerable.Range(0, options.Workers).Select(_ => WorkAsync(cancellationToken)));
        }
        finally
        {
            subscriptions.ForEach(s => s.Dispose());
        }
    }

    public void Dispose() => _queue.Dispose();

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        while (!cancellationToken.IsCancellationRequested)
        {
            ObjectKey key;
            try
            {
                key = await _queue.TakeAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            _inHand[key] = time.GetTimestamp();
            try
            {
                await VisitAsync(key, cancellationToken);
            }
            finally
            {
                _inHand.TryRemove(key, out _);
                _queue.Done(key);
            }
        }
    }

    private async Task VisitAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await options.Visit(key, either.Token);
            _queue.Forget(key);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping.
        }
#pragma warning disable CA1031 // one key's failure is never the loop's
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.Failed(logger, Name, key, MessageSanitizer.Clean(e.Message));
            _queue.Failed(key, e is HttpRequestException ? Backoff.LongestWhileAway : null);
            options.Failed(key, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1151, LogLevel.Warning, "{Controller} {Key} failed: {Error}")]
        public static partial void Failed(ILogger logger, string controller, ObjectKey key, string error);
    }
}
