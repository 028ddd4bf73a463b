using Portcullis.Http.Retries;

namespace Portcullis.Kubernetes.Queues;

/// <summary>One queue's tuning.</summary>
public sealed record WorkQueueOptions(string Name)
{
    /// <summary>The longest pause after a failure that is not the key's own: a server that was away must not be gone for long after it is back.</summary>
    public static TimeSpan LongestPauseWhileAway { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause after a refusal for want of a right: no watch shows that a right was given.</summary>
    public static TimeSpan LongestPauseWhileForbidden { get; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a failing key pauses. Flux's times.</summary>
    public BackOff BackOff { get; init; } = new(TimeSpan.FromMilliseconds(750), TimeSpan.FromMinutes(15));

    /// <summary>How many workers failing keys may hold at once.</summary>
    public int SlowWorkers { get; init; } = 1;

    /// <summary>How soon a failing key is tried again when something it depends on changes.</summary>
    public TimeSpan FailedKeyNudge { get; init; } = TimeSpan.FromSeconds(2);
}
