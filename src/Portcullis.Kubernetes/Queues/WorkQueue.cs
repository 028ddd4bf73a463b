using IMetricFactory = Prometheus.IMetricFactory;

namespace Portcullis.Kubernetes.Queues;

/// <summary>Which keys go first when several are ready.</summary>
public enum WorkPriority
{
    /// <summary>Something just happened to it.</summary>
    Live,

    /// <summary>Start, resync, interval: nobody waits for it.</summary>
    Background,
}

/// <summary>
/// The keys there is work for. It holds keys alone, so that work is always done on the present state.
/// <code>
///            Add ──▶ ready (live │ background │ slow) ──Take──▶ working ──Done──▶ gone, or ready again if added meanwhile
///   AddAfter, Failed ──▶ later ──(due)──▶ ready
/// </code>
/// Invariants: a key is in ready at most once; never worked on twice at once; never lost, however often it fails. A key whose last
/// attempt failed takes the slow lane, which may hold only part of the workers, so that failing keys never keep healthy ones waiting.
/// </summary>
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    /// <summary>Timers take at most 49 days.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, WorkQueueEntry<TKey>> _entries = [];
    private readonly WorkLanes<TKey> _lanes = new();
    private readonly PriorityQueue<(WorkQueueEntry<TKey> Entry, long Ticket), long> _later = new();
    private readonly LinkedList<TaskCompletionSource<TKey>> _takers = new();
    private readonly WorkQueueOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _epoch;
    private long _tickets;
    private int _slowWorking;
    private int _ready;

    public WorkQueue(WorkQueueOptions options, TimeProvider time, IMetricFactory metrics)
    {
        _options = options;
        _time = time;
        _epoch = time.GetTimestamp();
        _timer = time.CreateTimer(_ => ReleaseDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Statistics = new WorkQueueStatistics(options.Name, time, metrics);
    }

    internal WorkQueueStatistics Statistics { get; }

    /// <summary>Keys ready to be taken.</summary>
    public int Depth
    {
        get
        {
            lock (_gate)
            {
                return _ready;
            }
        }
    }

    /// <summary>
    /// There is work for the key now. A key that waits out a failure is only brought forward a little, because what its own attempt
    /// changed comes back as a reason to try again; <paramref name="fresh"/> means that something new happened (the object itself was
    /// edited, a person asked) and clears the failures.
    /// </summary>
    public void Add(TKey key, WorkPriority priority = WorkPriority.Live, bool fresh = false)
    {
        lock (_gate)
        {
            var entry = EntryOf(key);
            entry.Failures = fresh ? 0 : entry.Failures;
            Want(entry, priority);
            Hand();
        }
    }

    /// <summary>There will be work for the key. Of several times the earliest counts; a key that is ready already stays so.</summary>
    public void AddAfter(TKey key, TimeSpan delay, WorkPriority priority = WorkPriority.Background)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(key, priority);
            return;
        }

        lock (_gate)
        {
            Schedule(EntryOf(key), delay, priority);
        }
    }

    /// <summary>The key's attempt failed: it comes back after a pause that doubles each time, for ever. Returns the pause.</summary>
    public TimeSpan Failed(TKey key, TimeSpan? atMost = null)
    {
        lock (_gate)
        {
            var entry = EntryOf(key);
            entry.Failures++;
            var pause = _options.BackOff.After(entry.Failures);
            pause = atMost < pause ? atMost.Value : pause;
            Schedule(entry, pause, WorkPriority.Background);
            Statistics.Retried();
            return pause;
        }
    }

    /// <summary>The key's attempt succeeded: the next failure counts as the first.</summary>
    public void Forget(TKey key)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var entry))
            {
                entry.Failures = 0;
            }
        }
    }

    /// <summary>Waits for a key; it is this worker's alone until <see cref="Done"/>.</summary>
    public Task<TKey> TakeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var taker = new TaskCompletionSource<TKey>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _takers.AddLast(taker);
            Hand();
        }

        return taker.Task.IsCompleted ? taker.Task : CancellableAsync(taker, cancellationToken);
    }

    /// <summary>The worker is finished with the key. What was added meanwhile becomes ready.</summary>
    public void Done(TKey key)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var entry) || !entry.Working)
            {
                return;
            }

            entry.Working = false;
            _slowWorking -= entry.WorkingSlowly ? 1 : 0;
            entry.WorkingSlowly = false;
            Statistics.Finished(entry.TakenAt);
            if (entry.Again is { } priority)
            {
                entry.Again = null;
                Want(entry, priority);
            }

            DropIfIdle(entry);
            Hand();
        }
    }

    /// <summary>
    /// When a key that is being worked on was last asked for before it was taken, as a timestamp of the clock. Whatever shows the world as it was
    /// later than that shows every change because of which it was asked for.
    /// </summary>
    public long WantedAt(TKey key)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(key, out var entry) ? entry.TakenFor : _time.GetTimestamp();
        }
    }

    public void Dispose() => _timer.Dispose();

    private async Task<TKey> CancellableAsync(TaskCompletionSource<TKey> taker, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(() =>
        {
            lock (_gate)
            {
                _takers.Remove(taker);
            }

            taker.TrySetCanceled(cancellationToken);
        });
        return await taker.Task;
    }

    private WorkQueueEntry<TKey> EntryOf(TKey key)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            _entries[key] = entry = new WorkQueueEntry<TKey>(key);
        }

        return entry;
    }

    /// <summary>Work came up: now for a healthy key, soon for a failing one, after the present attempt for one in work.</summary>
    private void Want(WorkQueueEntry<TKey> entry, WorkPriority priority)
    {
        if (entry.Failures > 0 && !entry.Working)
        {
            // Never as often as its own attempts would cause, never sooner than its own pause.
            var pause = _options.BackOff.After(entry.Failures);
            var nudge = pause / 10 > _options.FailedKeyNudge ? pause / 10 : _options.FailedKeyNudge;
            Schedule(entry, nudge < pause ? nudge : pause, WorkPriority.Background);
        }
        else
        {
            Ready(entry, priority);
        }
    }

    private void Ready(WorkQueueEntry<TKey> entry, WorkPriority priority)
    {
        entry.Due = long.MaxValue;
        entry.WantedAt = _time.GetTimestamp();
        if (entry.Working)
        {
            entry.Again = entry.Again == WorkPriority.Live ? WorkPriority.Live : priority;
            return;
        }

        var lane = entry.Failures > 0 ? WorkLane.Slow : priority == WorkPriority.Live ? WorkLane.Live : WorkLane.Background;
        if (entry.Lane is { } present)
        {
            if (present <= lane)
            {
                return;
            }
        }
        else
        {
            _ready++;
            entry.ReadyAt = _time.GetTimestamp();
            Statistics.Added();
        }

        _lanes.Enqueue(entry, lane);
    }

    private void Schedule(WorkQueueEntry<TKey> entry, TimeSpan delay, WorkPriority priority)
    {
        var due = Now() + delay.Ticks;
        if (entry.Lane is not null || (entry.Working && entry.Again is not null) || due >= entry.Due)
        {
            return;
        }

        entry.Due = due;
        entry.DuePriority = priority;
        entry.Ticket = ++_tickets;
        _later.Enqueue((entry, entry.Ticket), due);
        SetTimer();
    }

    private void ReleaseDue()
    {
        lock (_gate)
        {
            var now = Now();
            while (_later.TryPeek(out var next, out var due) && (due <= now || next.Entry.Ticket != next.Ticket || next.Entry.Due == long.MaxValue))
            {
                _later.Dequeue();
                if (next.Entry.Ticket == next.Ticket && next.Entry.Due != long.MaxValue)
                {
                    Ready(next.Entry, next.Entry.DuePriority);
                }
                else
                {
                    DropIfIdle(next.Entry);
                }
            }

            SetTimer();
            Hand();
        }
    }

    private void SetTimer()
    {
        if (_later.TryPeek(out _, out var due))
        {
            // A timer may fire a little early by its own clock; a millisecond more avoids a second round.
            var wait = TimeSpan.FromTicks(Math.Max(0, due - Now())) + TimeSpan.FromMilliseconds(1);
            _timer.Change(wait < LongestTimer ? wait : LongestTimer, Timeout.InfiniteTimeSpan);
        }
    }

    private void Hand()
    {
        // A taker in the list is not cancelled yet: cancelling takes it out first, under the same lock.
        while (_takers.First is { } first && _lanes.TryTake(_slowWorking < _options.SlowWorkers, out var entry, out var lane))
        {
            Take(entry, lane);
            _takers.RemoveFirst();
            first.Value.SetResult(entry.Key);
        }
    }

    private void Take(WorkQueueEntry<TKey> entry, WorkLane lane)
    {
        entry.Lane = null;
        entry.Working = true;
        entry.WorkingSlowly = lane == WorkLane.Slow;
        _slowWorking += lane == WorkLane.Slow ? 1 : 0;
        _ready--;
        entry.TakenAt = _time.GetTimestamp();
        entry.TakenFor = entry.WantedAt;
        Statistics.Taken(entry.ReadyAt, entry.TakenAt);
    }

    private void DropIfIdle(WorkQueueEntry<TKey> entry)
    {
        if (!entry.Working && entry.Lane is null && entry.Failures == 0 && entry.Due == long.MaxValue
            && _entries.TryGetValue(entry.Key, out var present) && ReferenceEquals(present, entry))
        {
            _entries.Remove(entry.Key);
        }
    }

    private long Now() => _time.GetElapsedTime(_epoch).Ticks;
}
