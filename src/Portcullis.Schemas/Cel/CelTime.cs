using System.Globalization;
using System.Text;

namespace Portcullis.Schemas.Cel;

/// <summary>Instants in RFC 3339 and spans in Go's syntax, without .NET's loss of nanoseconds.</summary>
internal static class CelTime
{
    private const long NanosPerSecond = 1_000_000_000;
    private const long MinSeconds = -62_135_596_800;
    private const long MaxSeconds = 253_402_300_799;

    public static CelTimestamp? ParseTimestamp(string text)
    {
        if (text.Length == 10)
        {
            return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                ? new CelTimestamp(new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeSeconds(), 0)
                : null;
        }

        if (text.Length < 20 || text[10] is not ('T' or 't'))
        {
            return null;
        }

        var end = 19;
        var nanos = 0;
        if (text[end] == '.')
        {
            var digits = 0;
            for (end++; end < text.Length && char.IsAsciiDigit(text[end]); end++, digits++)
            {
                nanos = digits < 9 ? (nanos * 10) + (text[end] - '0') : nanos;
            }

            if (digits == 0)
            {
                return null;
            }

            for (; digits < 9; digits++)
            {
                nanos *= 10;
            }
        }

        var zone = text[end..].ToUpperInvariant();
        var seconds = string.Concat(text.AsSpan(0, 10), "T", text.AsSpan(11, 8), zone == "Z" ? "+00:00" : zone);
        return DateTimeOffset.TryParseExact(seconds, "yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? new CelTimestamp(time.ToUnixTimeSeconds(), nanos)
            : null;
    }

    public static string Format(CelTimestamp time)
    {
        var text = DateTimeOffset.FromUnixTimeSeconds(time.Seconds).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        return time.Nanos == 0 ? text + "Z" : $"{text}.{time.Nanos.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0')}Z";
    }

    public static CelDuration? ParseDuration(string text)
    {
        var at = text.Length > 0 && text[0] is '-' or '+' ? 1 : 0;
        if (text[at..] == "0")
        {
            return new CelDuration(0);
        }

        var total = 0m;
        while (at < text.Length)
        {
            var number = at;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
            {
                at++;
            }

            var unit = at;
            while (at < text.Length && !char.IsAsciiDigit(text[at]) && text[at] != '.')
            {
                at++;
            }

            if (UnitNanos(text[unit..at]) is not { } nanos
                || !decimal.TryParse(text.AsSpan(number, unit - number), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
                || count > 1_000_000_000_000_000_000m)
            {
                return null;
            }

            total += count * nanos;
            if (total > long.MaxValue)
            {
                return null;
            }
        }

        return text.Length == 0 || text is "-" or "+" ? null : new CelDuration((long)(text[0] == '-' ? -total : total));
    }

    /// <summary>As cel-go's <c>string(duration)</c>: seconds alone, <c>3600s</c>, <c>1.5s</c>.</summary>
    public static string Format(CelDuration span)
    {
        var whole = span.Nanos / NanosPerSecond;
        var rest = Math.Abs(span.Nanos % NanosPerSecond);
        var text = new StringBuilder(span.Nanos < 0 && whole == 0 ? "-" : "").Append(whole.ToString(CultureInfo.InvariantCulture));
        if (rest != 0)
        {
            text.Append('.').Append(rest.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0'));
        }

        return text.Append('s').ToString();
    }

    public static object Add(CelTimestamp time, Int128 nanos)
    {
        var total = ((Int128)time.Seconds * NanosPerSecond) + time.Nanos + nanos;
        var seconds = total / NanosPerSecond;
        var rest = total % NanosPerSecond;
        if (rest < 0)
        {
            (seconds, rest) = (seconds - 1, rest + NanosPerSecond);
        }

        return seconds < MinSeconds || seconds > MaxSeconds ? new CelFault("timestamp overflow") : new CelTimestamp((long)seconds, (int)rest);
    }

    public static object Between(CelTimestamp left, CelTimestamp right)
    {
        var nanos = ((Int128)(left.Seconds - right.Seconds) * NanosPerSecond) + left.Nanos - right.Nanos;
        return Span(nanos);
    }

    public static object Span(Int128 nanos) => nanos > long.MaxValue || nanos < long.MinValue ? new CelFault("duration overflow") : new CelDuration((long)nanos);

    /// <summary>A part of the date or time in UTC, a fixed offset (<c>+02:00</c>) or a named zone.</summary>
    public static object Part(CelTimestamp time, string zone, Func<DateTimeOffset, long> part)
    {
        var utc = DateTimeOffset.FromUnixTimeSeconds(time.Seconds).AddTicks(time.Nanos / 100);
        if (zone is "" or "UTC" or "Z")
        {
            return part(utc);
        }

        if (zone.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParseExact(zone.TrimStart('+', '-'), ["h\\:mm", "hh\\:mm"], CultureInfo.InvariantCulture, out var offset) && offset.TotalHours <= 14
                ? part(utc.ToOffset(zone.StartsWith('-') ? -offset : offset))
                : new CelFault($"invalid timezone: {zone}");
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var info) ? part(TimeZoneInfo.ConvertTime(utc, info)) : new CelFault($"unknown time zone {zone}");
    }

    private static decimal? UnitNanos(string unit) => unit switch
    {
        "ns" => 1,
        "us" or "µs" or "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => null,
    };
}
