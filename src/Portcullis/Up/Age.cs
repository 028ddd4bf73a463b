using System.Globalization;

namespace Portcullis.Up;

/// <summary>A length of time as kubectl writes it in its Age column (apimachinery duration.HumanDuration).</summary>
internal static class Age
{
    public static string Text(TimeSpan age) => age switch
    {
        { TotalSeconds: < 0 } => "0s",
        { TotalMinutes: < 2 } => Write($"{(int)age.TotalSeconds}s"),
        { TotalMinutes: < 10 } when age.Seconds > 0 => Write($"{(int)age.TotalMinutes}m{age.Seconds}s"),
        { TotalHours: < 3 } => Write($"{(int)age.TotalMinutes}m"),
        { TotalHours: < 8 } when age.Minutes > 0 => Write($"{(int)age.TotalHours}h{age.Minutes}m"),
        { TotalHours: < 48 } => Write($"{(int)age.TotalHours}h"),
        { TotalDays: < 8 } when age.Hours > 0 => Write($"{age.Days}d{age.Hours}h"),
        { TotalDays: < 730 } => Write($"{age.Days}d"),
        _ => Write($"{age.Days / 365}y{(age.Days % 365 > 0 ? Write($"{age.Days % 365}d") : "")}"),
    };

    private static string Write(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
