using Microsoft.Extensions.Logging;
using Portcullis.Http.Messages;
using Portcullis.Kubernetes.Queues;
using Prometheus;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>How a <see cref="KeyLoop"/> works: what starts it off, what it listens to, and how it reconciles a key.</summary>
public sealed record KeyLoopOptions(string Name)
{
    public int Workers { get; init; } = 4;

    /// <summary>A reconcile that takes longer is cancelled and counts as failed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Every key there is work for at the start; asked after <see cref="Subscribe"/>.</summary>
    public required Func<IEnumerable<ObjectKey>> Initial { get; init; }

    /// <summary>Connects the stores whose changes matter.</summary>
    public required Func<WorkQueue<ObjectKey>, IEnumerable<IDisposable>> Subscribe { get; init; }

    /// <summary>Makes the world right for one key. Whatever it throws is retried with back-off, for ever.</summary>
    public required Func<ObjectKey, CancellationToken, Task> ReconcileAsync { get; init; }

    /// <summary>Called with each failure, to report it where people look.</summary>
    public Action<ObjectKey, Exception> Failed { get; init; } = (_, _) => { };
}

/// <summary>
/// A controller whose unit of work is no object of ours: the bindings of a namespace, a role that ships with the program. Same queue and
/// back-off as <c>ControllerLoop</c>, no status of its own.
/// </summary>
public sealed partial class KeyLoop : IControllerLoop, IDisposable
{
    private readonly KeyLoopOptions _options;
    private readonly ILogger _logger;
    private readonly WorkQueue<ObjectKey> _queue;
    private readonly Worker<ObjectKey> _worker;

    public KeyLoop(KeyLoopOptions options, TimeProvider time, IMetricFactory metrics, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _queue = new WorkQueue<ObjectKey>(
            new WorkQueueOptions(options.Name) { SlowWorkers = Math.Max(1, options.Workers / 4) }, time, metrics);
        _worker = new Worker<ObjectKey>(options.Name, options.Timeout, _queue, time);
    }

    public string Name => _options.Name;

    public string? FindStuck() => _worker.FindStuck();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var subscriptions = _options.Subscribe(_queue).ToList();
        try
        {
            foreach (var key in _options.Initial())
            {
                _queue.Add(key, WorkPriority.Background);
            }

            await _worker.RunAsync(_options.Workers, ReconcileAsync, cancellationToken);
        }
        finally
        {
            subscriptions.ForEach(s => s.Dispose());
        }
    }

    public void Dispose() => _queue.Dispose();

    private async Task ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        switch (await _worker.AttemptAsync(key, token => _options.ReconcileAsync(key, token), cancellationToken))
        {
            case Attempt.Done:
                _queue.Forget(key);
                break;
            case Attempt.Failed { Error: var error }:
                Log.Failed(_logger, Name, key, MessageSanitizer.Clean(error.Message));
                _queue.Failed(key, error is HttpRequestException ? WorkQueueOptions.LongestPauseWhileAway : null);
                _options.Failed(key, error);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1151, LogLevel.Warning, "{Controller} {Key} failed: {Error}")]
        public static partial void Failed(ILogger logger, string controller, ObjectKey key, string error);
    }
}
