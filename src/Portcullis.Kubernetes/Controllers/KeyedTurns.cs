namespace Portcullis.Kubernetes.Controllers;

/// <summary>Lets one caller at a time work on what has a key: the next one finds what the one before has done. Keeps nothing of a key that nobody wants.</summary>
public sealed class KeyedTurns<TKey>
    where TKey : notnull, IEquatable<TKey>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Turn> _turns = [];

    /// <summary>Waits for the key; it is the caller's until the returned turn is disposed.</summary>
    public async Task<IDisposable> TakeAsync(TKey key, CancellationToken cancellationToken)
    {
        Turn turn;
        lock (_gate)
        {
            turn = _turns.TryGetValue(key, out var present) ? present : _turns[key] = new Turn(this, key);
            turn.Holders++;
        }

        try
        {
            await turn.Semaphore.WaitAsync(cancellationToken);
            return turn;
        }
        catch
        {
            Leave(turn);
            throw;
        }
    }

    private void Leave(Turn turn)
    {
        lock (_gate)
        {
            if (--turn.Holders == 0)
            {
                _turns.Remove(turn.Key);
                turn.Semaphore.Dispose();
            }
        }
    }

    private sealed class Turn(KeyedTurns<TKey> owner, TKey key) : IDisposable
    {
        public TKey Key => key;

        public SemaphoreSlim Semaphore { get; } = new(1);

        /// <summary>Those who have the key or wait for it. Guarded by the owner's lock.</summary>
        public int Holders { get; set; }

        public void Dispose()
        {
            Semaphore.Release();
            owner.Leave(this);
        }
    }
}
