using Portcullis.Clients.Engine;

namespace Portcullis.Agent;

/// <summary>
/// Listens to the engine's own events for as long as the agent runs: the event <c>reload</c> is the engine's word that it took a file
/// over, with the values in force as attributes, and a broken stream the first sign of an engine that ends.
/// </summary>
internal sealed class ReloadEvents(EngineClient engine, TimeProvider time, Action changed)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(3);
    private readonly Lock _gate = new();
    private TaskCompletionSource<IReadOnlyDictionary<string, string>> _next = New();
    private volatile TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The attributes of the last reload of the engine that runs now; null when none was heard.</summary>
    public IReadOnlyDictionary<string, string>? Last { get; private set; }

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
    public Task<IReadOnlyDictionary<string, string>> NextAsync()
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
        await foreach (var one in engine.WatchEventsAsync("daemon", _listening, cancellationToken))
        {
            if (one.Action == "reload")
            {
                Tell(one.Actor?.Attributes ?? new Dictionary<string, string>(StringComparer.Ordinal));
            }
        }
    }

    private void Tell(IReadOnlyDictionary<string, string> attributes)
    {
        TaskCompletionSource<IReadOnlyDictionary<string, string>> waiting;
        lock (_gate)
        {
            Last = attributes;
            waiting = _next;
            _next = New();
        }

        waiting.TrySetResult(attributes);
        changed();
    }

    private static TaskCompletionSource<IReadOnlyDictionary<string, string>> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
