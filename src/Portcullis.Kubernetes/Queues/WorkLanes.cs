using System.Diagnostics.CodeAnalysis;

namespace Portcullis.Kubernetes.Queues;

/// <summary>
/// The ready keys in the order in which they are taken: live before background before slow, but so that none starves. An entry
/// that moved to a better lane leaves its old place behind; that place is skipped. Guarded by the queue's lock.
/// </summary>
internal sealed class WorkLanes<TKey>
{
    /// <summary>After so many live keys in a row a background key has its turn.</summary>
    private const int LiveInARow = 16;

    /// <summary>After so many healthy keys in a row a failing key has its turn.</summary>
    private const int HealthyInARow = 64;

    private readonly Queue<WorkQueueEntry<TKey>>[] _lanes = [new(), new(), new()];
    private int _live;
    private int _healthy;

    public void Enqueue(WorkQueueEntry<TKey> entry, WorkLane lane)
    {
        entry.Lane = lane;
        _lanes[(int)lane].Enqueue(entry);
    }

    public bool TryTake(bool slowMay, [NotNullWhen(true)] out WorkQueueEntry<TKey>? entry, out WorkLane lane)
    {
        ReadOnlySpan<WorkLane> order = _healthy >= HealthyInARow ? [WorkLane.Slow, WorkLane.Live, WorkLane.Background]
            : _live >= LiveInARow ? [WorkLane.Background, WorkLane.Live, WorkLane.Slow]
            : [WorkLane.Live, WorkLane.Background, WorkLane.Slow];
        foreach (var candidate in order)
        {
            if ((candidate == WorkLane.Slow && !slowMay) || !TryDequeue(candidate, out entry))
            {
                continue;
            }

            lane = candidate;
            _live = candidate == WorkLane.Live ? _live + 1 : 0;
            _healthy = candidate == WorkLane.Slow ? 0 : _healthy + 1;
            return true;
        }

        entry = null;
        lane = default;
        return false;
    }

    private bool TryDequeue(WorkLane lane, [NotNullWhen(true)] out WorkQueueEntry<TKey>? entry)
    {
        while (_lanes[(int)lane].TryDequeue(out entry))
        {
            if (entry.Lane == lane && !entry.Working)
            {
                return true;
            }
        }

        return false;
    }
}
