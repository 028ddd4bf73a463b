using System.Security.Cryptography;

namespace Portcullis.Http.Retries;

/// <summary>Random numbers that spread in time what would otherwise happen at the same moment.</summary>
public static class Jitter
{
    private const int Steps = 1_000_000;

    /// <summary>From 0 to below 1.</summary>
    public static double Next() => RandomNumberGenerator.GetInt32(Steps) / (double)Steps;

    /// <summary>Between 95 % and 105 % of an interval (Flux's default).</summary>
    public static TimeSpan Around(TimeSpan interval) => interval * (0.95 + (Next() / 10));
}
