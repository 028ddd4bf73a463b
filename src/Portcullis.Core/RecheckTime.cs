namespace Portcullis.Core;

/// <summary>When to look again at something that time will change.</summary>
internal static class RecheckTime
{
    /// <summary>Loops spread their rounds by a twentieth; close to the time this must not show.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(10);

    /// <summary>Nothing is left alone longer than this.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Well before a time that is far, a moment after one that is near.</summary>
    public static TimeSpan Before(TimeSpan left)
    {
        var some = left > Soon ? left * 0.9 : left + TimeSpan.FromMilliseconds(Math.Min(1000, left.TotalMilliseconds * 0.1));
        return some < Longest ? some : Longest;
    }
}
