namespace Portcullis.Clients.Registry.Wire;

/// <summary>
/// Cancels what makes no progress for a while, and what the caller cancels. Each sign of progress starts the time anew, so that a large body
/// on a slow line is no failure and a silent server is one.
/// </summary>
internal sealed class StallTimer : IDisposable
{
    private readonly CancellationTokenSource _stalled;
    private readonly CancellationTokenSource _linked;
    private readonly CancellationToken _caller;
    private readonly TimeSpan _patience;

    public StallTimer(TimeSpan patience, TimeProvider time, CancellationToken caller)
    {
        _patience = patience;
        _caller = caller;
        _stalled = new CancellationTokenSource(patience, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_stalled.Token, caller);
    }

    public CancellationToken Token => _linked.Token;

    /// <summary>Whether the end of patience, and not the caller, cancelled.</summary>
    public bool Stalled => _stalled.IsCancellationRequested && !_caller.IsCancellationRequested;

    public void Progressed() => _stalled.CancelAfter(_patience);

    public TimeoutException Failure(Exception inner) => new($"no progress within {_patience.TotalSeconds:0.#} s", inner);

    public void Dispose()
    {
        _linked.Dispose();
        _stalled.Dispose();
    }
}
