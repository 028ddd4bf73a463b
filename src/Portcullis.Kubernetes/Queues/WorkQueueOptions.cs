using System.Security.Cryptography;

namespace Portcullis.Kubernetes.Queues;

/// <summary>How long a failing key pauses: a pure function of how often it failed in a row.</summary>
/// <param name="First">After the first failure.</param>
/// <param name="Longest">However often it fails.</param>
public sealed record Backoff(TimeSpan First, TimeSpan Longest)
{
    /// <summary>The longest pause after a failure that says nothing of the key: a server that was away must not be gone for long after it is back.</summary>
    public static TimeSpan LongestWhileAway { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Flux's times.</summary>
    public static Backoff Default { get; } = new(TimeSpan.FromMilliseconds(750), TimeSpan.FromMinutes(15));

    public TimeSpan After(int failures)
    {
        var pause = First * Math.Pow(2, Math.Clamp(failures - 1, 0, 40));
        return pause < Longest ? pause : Longest;
    }
}

/// <summary>One queue's tuning.</summary>
public sealed record WorkQueueOptions(string Name)
{
    public Backoff Backoff { get; init; } = Backoff.Default;

    /// <summary>How many workers failing keys may hold at once.</summary>
    public int SlowWorkers { get; init; } = 1;

    /// <summary>How soon a failing key is tried again when something it depends on changes.</summary>
    public TimeSpan FailedKeyNudge { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>Spreads reconciles in time, so that a thousand objects with one interval do not come together.</summary>
public static class Jitter
{
    /// <summary>Between 95 % and 105 % (Flux's default).</summary>
    public static TimeSpan Of(TimeSpan interval) => interval * (0.95 + (RandomNumberGenerator.GetInt32(1001) / 10000.0));
}
