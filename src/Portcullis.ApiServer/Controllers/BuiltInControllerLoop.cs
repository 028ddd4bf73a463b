using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Storage;
using Portcullis.Http.Retries;

namespace Portcullis.ApiServer.Controllers;

/// <summary>
/// Works off one controller's keys, one at a time, each at most once in the queue. What failed is tried again, ever later, for ever.
/// </summary>
internal sealed partial class BuiltInControllerLoop(IBuiltInController controller, TimeProvider time, ILogger logger)
{
    private static readonly BackOff Pauses = new(TimeSpan.FromMilliseconds(40), TimeSpan.FromSeconds(30));

    private readonly Channel<string> _ready = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly HashSet<string> _queued = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);

    /// <summary>The first pass: everything there is.</summary>
    public void EnqueueAll() => EnqueueEach("everything", controller.AllKeys);

    public void Observe(StoreEvent change) => EnqueueEach(change.Object.Key.ToString(), () => controller.KeysFor(change));

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var key in _ready.Reader.ReadAllAsync(cancellationToken))
        {
            lock (_queued)
            {
                _ = _queued.Remove(key);
            }

            if (await TryAsync(key, cancellationToken) is { } delay)
            {
                _ = EnqueueAfterAsync(key, delay, cancellationToken);
            }
        }
    }

#pragma warning disable CA1031 // one object that a controller cannot read may not deafen it, or the others, to all that follow
    private void EnqueueEach(string about, Func<IEnumerable<string>> keys)
    {
        try
        {
            foreach (var key in keys())
            {
                Enqueue(key);
            }
        }
        catch (Exception error)
        {
            Log.Unreadable(logger, error, controller.Name, about);
        }
    }
#pragma warning restore CA1031

    private void Enqueue(string key)
    {
        lock (_queued)
        {
            if (_queued.Add(key))
            {
                _ = _ready.Writer.TryWrite(key);
            }
        }
    }

    private async Task EnqueueAfterAsync(string key, TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, time, cancellationToken);
            Enqueue(key);
        }
        catch (OperationCanceledException)
        {
            // The server stops; the next start processes every key anyway.
        }
    }

#pragma warning disable CA1031 // the loop's one catch-all: no key's failure may end the others
    private async Task<TimeSpan?> TryAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var again = await controller.ReconcileAsync(key, cancellationToken);
            _ = _failures.Remove(key);
            return again;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception error)
        {
            var failures = _failures[key] = _failures.GetValueOrDefault(key) + 1;

            // A conflict is a normal result of optimistic locking and is not logged.
            if (error is not StatusException { Code: 404 or 409 })
            {
                Log.Failed(logger, error, controller.Name, key, failures);
            }

            return Pauses.After(failures);
        }
    }
#pragma warning restore CA1031

    private static partial class Log
    {
        [LoggerMessage(EventId = 2601, Level = LogLevel.Warning, Message = "{Controller} failed at {Key}, attempt {Attempt}")]
        public static partial void Failed(ILogger logger, Exception error, string controller, string key, int attempt);

        [LoggerMessage(EventId = 2602, Level = LogLevel.Error, Message = "{Controller} could not read {About}")]
        public static partial void Unreadable(ILogger logger, Exception error, string controller, string about);
    }
}
