using System.Globalization;
using Cronos;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Promotions;

/// <summary>When nothing is promoted: windows that begin by a cron expression in a time zone and last for a while.</summary>
public static class FreezeWindows
{
    /// <summary>So many openings are followed, and so far: a schedule that is open all the time has no end to find.</summary>
    private const int MostOpenings = 500;

    private static readonly TimeSpan LookAhead = TimeSpan.FromDays(3660);

    /// <summary>
    /// The window that is open, until the end of all openings that overlap or follow each other without a gap; of several the one that is open longest, with those that prolong it. Null when
    /// none is open.
    /// </summary>
    public static OpenWindow? OpenAt(IReadOnlyList<FreezeWindow>? windows, DateTimeOffset now)
    {
        var open = (windows ?? [])
            .Select(w => OpenAt(w, now)).OfType<OpenWindow>()
            .OrderByDescending(w => w.Until ?? DateTimeOffset.MaxValue).ThenBy(w => w.Names[0], StringComparer.Ordinal)
            .FirstOrDefault();
        for (var opening = 1; open is { Until: { } end }; opening++)
        {
            if (LongestAt(windows!, end) is not { } longer)
            {
                return open;
            }

            open = longer with { Names = [.. open.Names.Union(longer.Names, StringComparer.Ordinal)] };
            if (opening == MostOpenings || open.Until - now > LookAhead)
            {
                return open with { MayGoOn = true };
            }
        }

        return open;
    }

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

    /// <summary>The opening that goes on beyond the end of another one, the longest; null when all of them have ended then.</summary>
    private static OpenWindow? LongestAt(IReadOnlyList<FreezeWindow> windows, DateTimeOffset end) => windows
        .Select(w => end == DateTimeOffset.MaxValue ? null : OpenAt(w, end)).OfType<OpenWindow>()
        .OrderByDescending(w => w.Until).ThenBy(w => w.Names[0], StringComparer.Ordinal)
        .FirstOrDefault();

    private static OpenWindow? OpenAt(FreezeWindow window, DateTimeOffset now)
    {
        if (ScheduleOf(window) is not { } schedule || DurationOf(window) is not { } duration || ZoneOf(window) is not { } zone)
        {
            // Validation refuses it, but the time zones of another machine may be others: what cannot be read might be open now.
            return new OpenWindow([window.Name], null);
        }

        return schedule.GetPreviousOccurrence(now, zone, inclusive: true) is { } began && now - began < duration
            ? new OpenWindow([window.Name], duration < DateTimeOffset.MaxValue - began ? began + duration : DateTimeOffset.MaxValue)
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
