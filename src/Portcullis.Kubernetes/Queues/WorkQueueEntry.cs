namespace Portcullis.Kubernetes.Queues;

/// <summary>The order in which ready keys are taken.</summary>
internal enum WorkLane
{
    Live,
    Background,
    Slow,
}

/// <summary>What a queue knows of one key. Guarded by the queue's lock.</summary>
internal sealed class WorkQueueEntry<TKey>(TKey key)
{
    public TKey Key { get; } = key;

    /// <summary>Where it waits to be taken; null when it does not.</summary>
    public WorkLane? Lane { get; set; }

    public bool Working { get; set; }

    public bool WorkingSlowly { get; set; }

    /// <summary>Added while working.</summary>
    public WorkPriority? Again { get; set; }

    public int Failures { get; set; }

    /// <summary>When it becomes ready by itself; <see cref="long.MaxValue"/> for never.</summary>
    public long Due { get; set; } = long.MaxValue;

    public WorkPriority DuePriority { get; set; }

    /// <summary>Which of its places in the timetable is the valid one.</summary>
    public long Ticket { get; set; }

    public long ReadyAt { get; set; }

    /// <summary>When it was last asked for.</summary>
    public long WantedAt { get; set; }

    /// <summary>The same, as it was when the key was taken.</summary>
    public long TakenFor { get; set; }

    public long TakenAt { get; set; }
}
