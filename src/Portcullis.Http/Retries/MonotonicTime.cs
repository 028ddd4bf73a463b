namespace Portcullis.Http.Retries;

/// <summary>The clock to wait by: setting the machine's clock (an NTP step, a resumed virtual machine) neither shortens nor prolongs a pause.</summary>
public static class MonotonicTime
{
    /// <summary>Since some moment that stays the same while the machine is up. For differences, and for nothing that is shown.</summary>
    public static TimeSpan Monotonic(this TimeProvider time) => time.GetElapsedTime(0);
}
