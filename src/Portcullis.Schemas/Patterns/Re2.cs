using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Portcullis.Schemas.Patterns;

/// <summary>
/// Regular expressions as Go's RE2 understands them, run by .NET's non-backtracking engine: linear time, no look-around, no back-references.
/// The pattern is translated (see <see cref="Re2Translation"/>); what cannot be translated faithfully is refused.
/// Known difference: <c>.</c> and classes see UTF-16 units, so a character beyond U+FFFF counts as two; <c>\b</c> knows all letters, not ASCII alone.
/// </summary>
public static class Re2
{
    /// <summary>More patterns than the schemas of a cluster have. Whoever may commit may commit others for ever, so that then all are forgotten.</summary>
    private const int MaxCached = 1000;

    /// <summary>Longer ones are rare, and what is kept of them is large.</summary>
    private const int MaxCachedLength = 500;
    private const int MaxPatternLength = 20_000;
    private static readonly ConcurrentDictionary<string, Regex> Cache = new(StringComparer.Ordinal);

    /// <summary>How many compiled patterns are in memory.</summary>
    internal static int Kept => Cache.Count;

    /// <summary>False, with Go-like words in <paramref name="error"/>, when the pattern is not RE2 or cannot be run.</summary>
    public static bool TryCompile(string pattern, [NotNullWhen(true)] out Regex? regex, [NotNullWhen(false)] out string? error)
    {
        error = null;
        if (Cache.TryGetValue(pattern, out regex))
        {
            return true;
        }

        if (pattern.Length > MaxPatternLength)
        {
            error = "error parsing regexp: expression too large";
            return false;
        }

        try
        {
            regex = new Regex(Re2Translation.ToDotNet(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            error = $"error parsing regexp: {e.Message}";
            return false;
        }

        Keep(pattern, regex);

        return true;
    }

    private static void Keep(string pattern, Regex regex)
    {
        if (Cache.Count >= MaxCached)
        {
            Cache.Clear();
        }

        if (pattern.Length <= MaxCachedLength)
        {
            Cache[pattern] = regex;
        }
    }
}
