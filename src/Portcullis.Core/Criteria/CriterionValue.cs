using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Patterns;

namespace Portcullis.Core.Criteria;

/// <summary>The values of criteria, which manifests write as strings, as what they mean.</summary>
internal static partial class CriterionValue
{
    /// <summary>CVSS v3.1, section 5: scores go from 0.0 to 10.0.</summary>
    private const decimal HighestScore = 10;

    /// <summary>A number of vulnerabilities; null when the text is none.</summary>
    public static decimal? Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    /// <summary>A CVSS score; null when the text is none.</summary>
    public static decimal? Score(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var score) && score <= HighestScore ? score : null;

    /// <summary>A time with its zone; null when the text is none.</summary>
    public static DateTimeOffset? Time(string text) =>
        Rfc3339().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>A duration of more than nothing; null when the text is none.</summary>
    public static TimeSpan? Duration(string text) => KubernetesDuration.Parse(text) is { } duration && duration > TimeSpan.Zero ? duration : null;

    public static bool TryPattern(string text, [NotNullWhen(true)] out Regex? pattern, [NotNullWhen(false)] out string? error) =>
        Re2.TryCompile(text, out pattern, out error);

    /// <summary>RFC 3339, section 5.6: the zone is not left out, so that the time is the same everywhere.</summary>
    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Rfc3339();
}
