using System.Globalization;

namespace Portcullis.Objects.Json;

/// <summary>Durations as Kubernetes writes them (<c>metav1.Duration</c>, Go's syntax): <c>500ms</c>, <c>1m30s</c>, <c>10h</c>.</summary>
public static class KubernetesDuration
{
    /// <summary>The pattern for a CRD's string property: no sign, no bare number, hours to milliseconds.</summary>
    public const string Pattern = @"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$";

    /// <summary>The duration, or null when the text is none.</summary>
    public static TimeSpan? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > 64)
        {
            return null;
        }

        var total = 0.0;
        var at = 0;
        while (at < text.Length)
        {
            var digits = at;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
            {
                at++;
            }

            var unit = at;
            while (at < text.Length && char.IsAsciiLetter(text[at]))
            {
                at++;
            }

            if (MillisecondsOf(text.AsSpan(unit, at - unit)) is not { } factor
                || !double.TryParse(text.AsSpan(digits, unit - digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            total += number * factor;
        }

        return total > TimeSpan.MaxValue.TotalMilliseconds / 2 ? null : TimeSpan.FromMilliseconds(total);
    }

    private static double? MillisecondsOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => null,
    };
}
