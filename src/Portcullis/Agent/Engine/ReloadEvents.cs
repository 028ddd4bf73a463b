using Portcullis.Clients.Engine;

namespace Portcullis.Agent.Engine;

/// <summary>
/// Listens to the events of the engine as long as the agent runs. The event <c>reload</c> confirms that a file was read, with the values in
/// force as attributes; a broken stream is the first sign of an engine that exits. Reloads while the agent was not running are received too,
/// since the last one that <paramref name="accountedFor"/> returns, if the engine still remembers them. An engine that is down makes its socket
/// anew when it starts: until <paramref name="socketMadeAt"/> returns another time, it is tried more seldom, since each failed attempt costs
/// more than a hundred looks at the file.
/// </summary>
internal sealed class ReloadEvents(EngineClient engine, Func<DateTime> socketMadeAt, Func<long> accountedFor, TimeProvider time, Action changed)
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryUnchangedAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(3);
    private readonly Lock _gate = new();
    private TaskCompletionSource<EngineReload> _next = New();
    private volatile TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The last reload of the running engine; null when none was received.</summary>
    public EngineReload? Last { get; private set; }

    /// <summary>Whether the stream is open.</summary>
    public bool IsListening => _listening.Task.IsCompleted;

    /// <summary>Waits a moment for the stream to open; false when it does not.</summary>
    public async Task<bool> WaitUntilListeningAsync(CancellationToken cancellationToken)
    {
        if (!IsListening)
        {
            await Task.WhenAny(_listening.Task, Task.Delay(ConnectWithin, time, cancellationToken));
        }

        return IsListening;
    }

    /// <summary>Completes with the next reload after this call.</summary>
    public Task<EngineReload> NextAsync()
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
            var tried = socketMadeAt();
            try
            {
                await ListenAsync(cancellationToken);
            }
            catch (EngineException)
            {
                // The agent reports why the engine cannot be reached.
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            var wasListening = IsListening;
            if (wasListening)
            {
                _listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Last = null;
                changed();
            }

            await UntilNextAttemptAsync(wasListening ? RetryAfter : RetryUnchangedAfter, tried, cancellationToken);
        }
    }

    private async Task UntilNextAttemptAsync(TimeSpan longest, DateTime tried, CancellationToken cancellationToken)
    {
        var waited = TimeSpan.Zero;
        do
        {
            await Task.Delay(RetryAfter, time, cancellationToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            waited += RetryAfter;
        }
        while (waited < longest && socketMadeAt() == tried && !cancellationToken.IsCancellationRequested);
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var since = DateTimeOffset.FromUnixTimeSeconds(Math.Max(1, accountedFor() / NanosecondsPerSecond));
        await foreach (var one in engine.WatchEventsAsync("daemon", since, _listening, cancellationToken))
        {
            if (one.Action == "reload")
            {
                Publish(new EngineReload(one.TimeNano, one.Actor?.Attributes ?? new Dictionary<string, string>(StringComparer.Ordinal)));
            }
        }
    }

    private void Publish(EngineReload reload)
    {
        TaskCompletionSource<EngineReload> waiting;
        lock (_gate)
        {
            Last = reload;
            waiting = _next;
            _next = New();
        }

        waiting.TrySetResult(reload);
        changed();
    }

    private static TaskCompletionSource<EngineReload> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
