using System.Globalization;
using Cronos;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Promotions;

/// <summary>When nothing is promoted: windows that begin by a cron expression in a time zone and last for a while.</summary>
public static class FreezeWindows
{
    /// <summary>The window that is open longest from now; null when none is open.</summary>
    public static OpenWindow? OpenAt(IReadOnlyList<FreezeWindow>? windows, DateTimeOffset now) => (windows ?? [])
        .Select(w => OpenAt(w, now)).OfType<OpenWindow>()
        .OrderByDescending(w => w.Until ?? DateTimeOffset.MaxValue).ThenBy(w => w.Name, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>What is wrong with windows; each with the path of its field.</summary>
    public static IEnumerable<(string Field, string Message)> Check(IReadOnlyList<FreezeWindow>? windows, string field) =>
        (windows ?? []).SelectMany((w, i) => Check(w).Select(p => (string.Create(CultureInfo.InvariantCulture, $"{field}[{i}].{p.Field}"), p.Message)));

    private static IEnumerable<(string Field, string Message)> Check(FreezeWindow window)
    {
        if (ScheduleOf(window) is null)
        {
            yield return ("schedule", $"\"{window.Schedule}\" is not a cron expression of five fields (minute, hour, day of month, month, day of week), such as 0 18 * * FRI");
        }
        else if (ScheduleOf(window)!.GetNextOccurrence(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc) is null)
        {
            yield return ("schedule", $"\"{window.Schedule}\" never occurs");
        }

        if (DurationOf(window) is null)
        {
            yield return ("duration", $"\"{window.Duration}\" is not a duration of more than nothing, such as 62h");
        }

        if (ZoneOf(window) is null)
        {
            yield return ("timeZone", $"there is no time zone {window.TimeZone}: use a name of the IANA time zone database, such as Europe/Berlin");
        }
    }

    private static OpenWindow? OpenAt(FreezeWindow window, DateTimeOffset now)
    {
        if (ScheduleOf(window) is not { } schedule || DurationOf(window) is not { } duration || ZoneOf(window) is not { } zone)
        {
            // Validation refuses it, but the time zones of another machine may be others: what cannot be read might be open now.
            return new OpenWindow(window.Name, null);
        }

        return schedule.GetPreviousOccurrence(now, zone, inclusive: true) is { } began && now - began < duration
            ? new OpenWindow(window.Name, duration < DateTimeOffset.MaxValue - began ? began + duration : DateTimeOffset.MaxValue)
            : null;
    }

    /// <summary>Macros such as <c>@daily</c> are not cron's five fields, and <c>H</c> means another time in every program.</summary>
    private static CronExpression? ScheduleOf(FreezeWindow window) =>
        !window.Schedule.Contains('@', StringComparison.Ordinal) && CronExpression.TryParse(window.Schedule, CronFormat.Standard, out var schedule) ? schedule : null;

    private static TimeSpan? DurationOf(FreezeWindow window) =>
        KubernetesDuration.Parse(window.Duration) is { } duration && duration > TimeSpan.Zero ? duration : null;

    private static TimeZoneInfo? ZoneOf(FreezeWindow window) =>
        window.TimeZone is null ? TimeZoneInfo.Utc : TimeZoneInfo.TryFindSystemTimeZoneById(window.TimeZone, out var zone) ? zone : null;
}
