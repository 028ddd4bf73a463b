namespace Portcullis.Core.Webhooks;

/// <summary>
/// When a delivery that failed is tried again: after five seconds, then twice as long each time, at most a quarter of an hour; for a day. So a receiver
/// that was away for an hour has everything within a quarter of an hour of its return.
/// </summary>
public static class DeliverySchedule
{
    public static readonly TimeSpan GivesUpAfter = TimeSpan.FromHours(24);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <param name="attempts">How many attempts have failed, at least one.</param>
    /// <param name="createdAt">When the notification was recorded, or asked for again.</param>
    /// <param name="now">The time of the last attempt.</param>
    /// <returns>The time of the next attempt; null when it is given up.</returns>
    public static DateTimeOffset? Next(int attempts, DateTimeOffset createdAt, DateTimeOffset now)
    {
        var pause = attempts > 16 ? Longest : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << (attempts - 1)));
        return now - createdAt >= GivesUpAfter ? null : now + pause;
    }
}
