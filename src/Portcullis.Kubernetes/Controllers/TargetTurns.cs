namespace Portcullis.Kubernetes.Controllers;

/// <summary>Lets one caller at a time work on a target. Keeps nothing of a target that nobody works on.</summary>
internal sealed class TargetTurns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectKey, Turn> _turns = [];

    /// <summary>Waits for the target; it is the caller's until the returned turn is disposed.</summary>
    public async Task<IDisposable> TakeAsync(ObjectKey target, CancellationToken cancellationToken)
    {
        Turn turn;
        lock (_gate)
        {
            turn = _turns.TryGetValue(target, out var present) ? present : _turns[target] = new Turn(this, target);
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
                _turns.Remove(turn.Target);
                turn.Semaphore.Dispose();
            }
        }
    }

    private sealed class Turn(TargetTurns owner, ObjectKey target) : IDisposable
    {
        public ObjectKey Target => target;

        public SemaphoreSlim Semaphore { get; } = new(1);

        /// <summary>Those who work on the target or wait for it. Guarded by the owner's lock.</summary>
        public int Holders { get; set; }

        public void Dispose()
        {
            Semaphore.Release();
            owner.Leave(this);
        }
    }
}
