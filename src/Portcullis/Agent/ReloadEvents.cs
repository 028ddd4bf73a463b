using Portcullis.Clients.Engine;

namespace Portcullis.Agent;

/// <summary>The engine's word that it took a file over: when (in nanoseconds since 1970), and the values in force since.</summary>
internal sealed record HeardReload(long At, IReadOnlyDictionary<string, string> Attributes);

/// <summary>
/// Listens to the engine's own events for as long as the agent runs: the event <c>reload</c> is the engine's word that it took a file
/// over, with the values in force as attributes, and a broken stream the first sign of an engine that ends. Reloads since the last one that is
/// accounted for are heard of too, while the engine remembers them: nobody listens while the agent does not run.
/// </summary>
internal sealed class ReloadEvents(EngineClient engine, Func<long> accountedFor, TimeProvider time, Action changed)
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(3);
    private readonly Lock _gate = new();
    private TaskCompletionSource<HeardReload> _next = New();
    private volatile TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The last reload of the engine that runs now; null when none was heard.</summary>
    public HeardReload? Last { get; private set; }

    /// <summary>Whether a reload would be heard.</summary>
    public bool IsListening => _listening.Task.IsCompleted;

    /// <summary>Gives the stream a moment to be opened (again): true once a reload would be heard.</summary>
    public async Task<bool> IsListeningSoonAsync(CancellationToken cancellationToken)
    {
        if (!IsListening)
        {
            await Task.WhenAny(_listening.Task, Task.Delay(ConnectWithin, time, cancellationToken));
        }

        return IsListening;
    }

    /// <summary>Completes with the next reload after this call.</summary>
    public Task<HeardReload> NextAsync()
    {
        lock (_gate)
        {
            return _next.Task;
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(cancellationToken);
            }
            catch (EngineException)
            {
                // The agent's own round says why the engine cannot be reached.
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            if (IsListening)
            {
                _listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Last = null;
                changed();
            }

            await Task.Delay(Pause, time, cancellationToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var since = DateTimeOffset.FromUnixTimeSeconds(Math.Max(1, accountedFor() / NanosecondsPerSecond));
        await foreach (var one in engine.WatchEventsAsync("daemon", since, _listening, cancellationToken))
        {
            if (one.Action == "reload")
            {
                Tell(new HeardReload(one.TimeNano, one.Actor?.Attributes ?? new Dictionary<string, string>(StringComparer.Ordinal)));
            }
        }
    }

    private void Tell(HeardReload reload)
    {
        TaskCompletionSource<HeardReload> waiting;
        lock (_gate)
        {
            Last = reload;
            waiting = _next;
            _next = New();
        }

        waiting.TrySetResult(reload);
        changed();
    }

    private static TaskCompletionSource<HeardReload> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
