using System.Globalization;
using System.Text;
using Portcullis.Core.Registries;

namespace Portcullis.Core.Promotions;

/// <summary>
/// The tag that a promoted image gets: text with <c>%n</c> for the source's tag and strftime's letters for the time of the promotion, in UTC and in
/// English, as in DTR. <c>%%</c> is a percent sign, which no tag may have: it is understood so that the message about it is right.
/// </summary>
public static class TagTemplate
{
    private const string Letters = "nAawdBbmYyHIpMSfZjW";

    /// <summary>The template gives its shortest tag then: Friday and May are short names.</summary>
    private static readonly DateTimeOffset Shortest = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The tag; check with <see cref="TagName.IsLegal"/> whether it is one: with a long source tag it may be too long.</summary>
    public static string Render(string template, string sourceTag, DateTimeOffset at)
    {
        var text = new StringBuilder();
        foreach (var (letter, literal) in Parts(template))
        {
            text.Append(letter is { } variable ? Value(variable, sourceTag, at.UtcDateTime) : literal);
        }

        return text.ToString();
    }

    /// <summary>Whether it gives the same tag for every source tag at every time (<c>latest</c>).</summary>
    public static bool IsFixed(string template) => Parts(template).All(p => p.Variable is null or '%');

    /// <summary>Whether the time of the promotion is part of the tag.</summary>
    public static bool HasTime(string template) => Parts(template).Any(p => p.Variable is not (null or '%' or 'n' or 'Z'));

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static string? ProblemOf(string template)
    {
        if (Parts(template).Where(p => p.Variable is { } v && v != '%' && !Letters.Contains(v, StringComparison.Ordinal)).Select(p => p.Variable).FirstOrDefault() is { } unknown)
        {
            return unknown == '\0'
                ? $"\"{template}\" ends with a percent sign: it begins a variable, such as %n"
                : $"\"{template}\": there is no variable %{unknown}; the variables are {string.Join(' ', Letters.Select(l => "%" + l))}";
        }

        var tag = Render(template, "0", Shortest);
        return !TagName.IsLegal(tag) ? $"\"{template}\" gives no legal tag, but for example \"{tag}\": a tag has at most 128 letters, digits, underscores, dots and dashes, and begins with none of the last two"
            : TagName.IsReferrersFallback(tag) ? $"\"{template}\" gives the tag of a list of what refers to an image: \"{tag}\""
            : null;
    }

    /// <summary>The text before its first variable and the text after its last one.</summary>
    internal static (string Before, char? First, char? Last, string After) Ends(string template)
    {
        var parts = Parts(template).ToList();
        var first = parts.FindIndex(p => p.Variable is not null);
        var last = parts.FindLastIndex(p => p.Variable is not null);
        return first < 0
            ? (template, null, null, template)
            : (string.Concat(parts.Take(first).Select(p => p.Literal)), parts[first].Variable, parts[last].Variable, string.Concat(parts.Skip(last + 1).Select(p => p.Literal)));
    }

    /// <summary>Its characters, and its variables by their letters; a percent sign at the end is a variable without one.</summary>
    private static IEnumerable<(char? Variable, char Literal)> Parts(string template)
    {
        for (var at = 0; at < template.Length; at++)
        {
            if (template[at] != '%')
            {
                yield return (null, template[at]);
                continue;
            }

            at++;
            yield return (at < template.Length ? template[at] : '\0', '\0');
        }
    }

    private static string Value(char variable, string sourceTag, DateTime at) => variable switch
    {
        'n' => sourceTag,
        'A' => at.ToString("dddd", CultureInfo.InvariantCulture),
        'a' => at.ToString("ddd", CultureInfo.InvariantCulture),
        'w' => ((int)at.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'd' => at.ToString("dd", CultureInfo.InvariantCulture),
        'B' => at.ToString("MMMM", CultureInfo.InvariantCulture),
        'b' => at.ToString("MMM", CultureInfo.InvariantCulture),
        'm' => at.ToString("MM", CultureInfo.InvariantCulture),
        'Y' => at.ToString("yyyy", CultureInfo.InvariantCulture),
        'y' => at.ToString("yy", CultureInfo.InvariantCulture),
        'H' => at.ToString("HH", CultureInfo.InvariantCulture),
        'I' => at.ToString("hh", CultureInfo.InvariantCulture),
        'p' => at.ToString("tt", CultureInfo.InvariantCulture),
        'M' => at.ToString("mm", CultureInfo.InvariantCulture),
        'S' => at.ToString("ss", CultureInfo.InvariantCulture),
        'f' => at.ToString("ffffff", CultureInfo.InvariantCulture),
        'Z' => "UTC",
        'j' => at.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'W' => WeekOf(at).ToString("00", CultureInfo.InvariantCulture),
        _ => "%",
    };

    /// <summary>strftime's %W: weeks begin on Mondays, and the days before the year's first Monday are in week 0.</summary>
    private static int WeekOf(DateTime at) => (at.DayOfYear + 6 - (((int)at.DayOfWeek + 6) % 7)) / 7;
}
