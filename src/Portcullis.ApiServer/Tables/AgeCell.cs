using System.Globalization;

namespace Portcullis.ApiServer.Tables;

/// <summary>How long ago, as Kubernetes abbreviates it (apimachinery duration.HumanDuration).</summary>
internal static class AgeCell
{
    public static string Of(string? time, DateTimeOffset now) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var then) ? Of(now - then) : "<unknown>";

    public static string Of(TimeSpan span)
    {
        var seconds = (long)span.TotalSeconds;
        return seconds switch
        {
            < -1 => "<invalid>",
            < 0 => "0s",
            < 120 => $"{seconds}s",
            < 600 => Two(seconds / 60, "m", seconds % 60, "s"),
            < 3 * 3600 => $"{seconds / 60}m",
            < 8 * 3600 => Two(seconds / 3600, "h", seconds / 60 % 60, "m"),
            < 48 * 3600 => $"{seconds / 3600}h",
            < 192 * 3600 => Two(seconds / 86400, "d", seconds / 3600 % 24, "h"),
            < 2L * 365 * 86400 => $"{seconds / 86400}d",
            < 8L * 365 * 86400 => Two(seconds / 86400 / 365, "y", seconds / 86400 % 365, "d"),
            _ => $"{seconds / 86400 / 365}y",
        };
    }

    private static string Two(long large, string unit, long small, string smallUnit) =>
        small == 0 ? $"{large}{unit}" : $"{large}{unit}{small}{smallUnit}";
}
