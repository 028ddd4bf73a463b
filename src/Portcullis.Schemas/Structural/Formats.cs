using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Portcullis.Schemas.Structural;

/// <summary>The string formats that a 1.36 server enforces in CRDs (apiextensions formats.go, strfmt); others are ignored, as there.</summary>
internal static partial class Formats
{
    private static readonly Dictionary<string, Func<string, bool>> Checks = new(StringComparer.Ordinal)
    {
        ["bsonobjectid"] = s => s.Length == 24 && s.All(char.IsAsciiHexDigit),
        ["uri"] = s => s.StartsWith('/') || (Uri.TryCreate(s, UriKind.Absolute, out var uri) && uri.Scheme.Length > 0 && !s.Contains(' ', StringComparison.Ordinal)),
        ["email"] = s => Email().IsMatch(s),
        ["hostname"] = s => s.Length <= 255 && Hostname().IsMatch(s) && s.Split('.').All(p => p.Length <= 63),
        ["ipv4"] = s => s.Contains('.', StringComparison.Ordinal) && IsIp(s),
        ["ipv6"] = s => s.Contains(':', StringComparison.Ordinal) && IsIp(s),
        ["cidr"] = IsCidr,
        ["mac"] = s => Mac().IsMatch(s),
        ["uuid"] = s => Uuid().IsMatch(s),
        ["uuid3"] = s => Uuid().IsMatch(s) && Version(s) == '3',
        ["uuid4"] = s => Uuid().IsMatch(s) && Version(s) == '4' && Variant(s),
        ["uuid5"] = s => Uuid().IsMatch(s) && Version(s) == '5' && Variant(s),
        ["isbn"] = s => IsIsbn10(s) || IsIsbn13(s),
        ["isbn10"] = IsIsbn10,
        ["isbn13"] = IsIsbn13,
        ["creditcard"] = s => CreditCard().IsMatch(NonDigit().Replace(s, "")),
        ["ssn"] = s => Ssn().IsMatch(s),
        ["hexcolor"] = s => HexColor().IsMatch(s),
        ["rgbcolor"] = s => RgbColor().IsMatch(s),
        ["byte"] = s => s.Length == 0 || (s.Length % 4 == 0 && Base64().IsMatch(s)),
        ["password"] = _ => true,
        ["date"] = IsDate,
        ["duration"] = IsDuration,
        ["datetime"] = IsDateTime,
        ["k8sshortname"] = s => s.Length <= 63 && Label().IsMatch(s),
        ["k8slongname"] = s => s.Length <= 253 && s.Split('.').All(p => Label().IsMatch(p)),
    };

    /// <summary>The format when it is enforced for the types; else null.</summary>
    public static string? Enforced(string? format, IReadOnlyList<string> types)
    {
        if (string.IsNullOrEmpty(format))
        {
            return null;
        }

        return types switch
        {
            [] or ["string"] or [_, _] => Checks.ContainsKey(Normal(format)) ? format : null,
            ["integer"] => format is "int32" or "int64" ? format : null,
            ["number"] => format is "float" or "double" ? format : null,
            _ => null,
        };
    }

    public static bool IsStringFormat(string format) => Checks.ContainsKey(Normal(format));

    public static bool Matches(string format, string text) => !Checks.TryGetValue(Normal(format), out var check) || check(text);

    internal static bool IsDate(string s) => DateOnly.TryParseExact(s, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    internal static bool IsDateTime(string s)
    {
        var parts = s.ToLowerInvariant().Split('t');
        var time = parts.Length >= 2 && IsDate(parts[0]) ? Time().Match(parts[1]) : null;
        return time is { Success: true } && string.CompareOrdinal(time.Groups[1].Value, "23") <= 0
            && string.CompareOrdinal(time.Groups[2].Value, "59") <= 0 && string.CompareOrdinal(time.Groups[3].Value, "59") <= 0;
    }

    /// <summary>Go's time.ParseDuration, or a number and a unit's word (<c>22 ns</c>, <c>3 days</c>).</summary>
    internal static bool IsDuration(string s) => s == "0" || GoDuration().IsMatch(s) || ScalaDuration().IsMatch(s);

    private static string Normal(string format) => format.Replace("-", "", StringComparison.Ordinal);

    private static bool IsIp(string s) => IPAddress.TryParse(s, out var ip) && !s.Contains('%', StringComparison.Ordinal) && !s.Contains('[', StringComparison.Ordinal)
        && (ip.AddressFamily == AddressFamily.InterNetworkV6 || s.Split('.').Length == 4);

    private static bool IsCidr(string s)
    {
        var slash = s.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && IsIp(s[..slash]) && int.TryParse(s.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            && bits <= (s.Contains(':', StringComparison.Ordinal) ? 128 : 32);
    }

    private static char Version(string uuid) => uuid.Replace("-", "", StringComparison.Ordinal)[12];

    private static bool Variant(string uuid) => uuid.Replace("-", "", StringComparison.Ordinal)[16] is '8' or '9' or 'a' or 'b' or 'A' or 'B';

    private static bool IsIsbn10(string s)
    {
        var digits = s.Where(c => c is not ('-' or ' ')).ToArray();
        return digits.Length == 10 && digits[..9].All(char.IsAsciiDigit) && (char.IsAsciiDigit(digits[9]) || digits[9] == 'X')
            && digits.Select((c, i) => (i + 1) * (c == 'X' ? 10 : c - '0')).Sum() % 11 == 0;
    }

    private static bool IsIsbn13(string s)
    {
        var digits = s.Where(c => c is not ('-' or ' ')).ToArray();
        return digits.Length == 13 && digits.AsSpan().IndexOfAnyExcept(AsciiDigits) < 0
            && digits.Select((c, i) => (i % 2 == 0 ? 1 : 3) * (c - '0')).Sum() % 10 == 0;
    }

    private static readonly SearchValues<char> AsciiDigits = SearchValues.Create("0123456789");

    [GeneratedRegex("^[^@\\s<>\"(),:;]+@[^@\\s<>\"(),:;]+\\z")]
    private static partial Regex Email();

    [GeneratedRegex(@"^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})\z", RegexOptions.NonBacktracking)]
    private static partial Regex Hostname();

    [GeneratedRegex(@"^([0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}([:-][0-9a-fA-F]{2}){0,2}|([0-9a-fA-F]{4}\.){2,3}[0-9a-fA-F]{4})\z")]
    private static partial Regex Mac();

    [GeneratedRegex(@"^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}\z")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35[0-9]{3})[0-9]{11})\z")]
    private static partial Regex CreditCard();

    [GeneratedRegex("[^0-9]+")]
    private static partial Regex NonDigit();

    [GeneratedRegex(@"^[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}\z")]
    private static partial Regex Ssn();

    [GeneratedRegex(@"^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\z")]
    private static partial Regex HexColor();

    [GeneratedRegex(@"^rgb\(\s*(0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])\s*(,\s*(0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])\s*){2}\)\z")]
    private static partial Regex RgbColor();

    [GeneratedRegex(@"^[A-Za-z0-9+/]*={0,2}\z")]
    private static partial Regex Base64();

    [GeneratedRegex(@"^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))\z")]
    private static partial Regex Time();

    [GeneratedRegex(@"^[-+]?(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+\z", RegexOptions.NonBacktracking)]
    private static partial Regex GoDuration();

    [GeneratedRegex(@"^[0-9]+\s*(d|day|days|h|hour|hours|m|min|mins|minute|minutes|s|sec|secs|second|seconds|ms|milli|millis|millisecond|milliseconds|us|µs|micro|micros|microsecond|microseconds|ns|nano|nanos|nanosecond|nanoseconds|w|wk|wks|week|weeks|mon|month|months|y|year|years)\z")]
    private static partial Regex ScalaDuration();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label();
}
