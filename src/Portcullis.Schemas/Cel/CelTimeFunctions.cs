using static Portcullis.Schemas.Cel.CelType;

namespace Portcullis.Schemas.Cel;

/// <summary>The parts of instants and spans. Months, days of the month and of the year count from 0 but for <c>getDate</c>, as cel-spec has it.</summary>
internal static class CelTimeFunctions
{
    private static readonly (string Name, Func<DateTimeOffset, long> Part)[] Parts =
    [
        ("getFullYear", t => t.Year), ("getMonth", t => t.Month - 1), ("getDayOfYear", t => t.DayOfYear - 1), ("getDayOfMonth", t => t.Day - 1),
        ("getDate", t => t.Day), ("getDayOfWeek", t => (long)t.DayOfWeek), ("getHours", t => t.Hour), ("getMinutes", t => t.Minute),
        ("getSeconds", t => t.Second), ("getMilliseconds", t => t.Millisecond),
    ];

    public static IEnumerable<CelOverload> All()
    {
        foreach (var (name, part) in Parts)
        {
            yield return new(name, true, [Timestamp], Int, v => CelTime.Part((CelTimestamp)v[0]!, "UTC", part));
            yield return new(name, true, [Timestamp, CelType.String], Int, v => CelTime.Part((CelTimestamp)v[0]!, (string)v[1]!, part));
        }

        foreach (var (name, nanos) in new[] { ("getHours", 3_600_000_000_000), ("getMinutes", 60_000_000_000), ("getSeconds", 1_000_000_000), ("getMilliseconds", 1_000_000L) })
        {
            yield return new(name, true, [Duration], Int, v => ((CelDuration)v[0]!).Nanos / nanos);
        }
    }
}
