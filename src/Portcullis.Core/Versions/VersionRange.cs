namespace Portcullis.Core.Versions;

/// <summary>
/// Which versions are wanted, in the syntax that Flux and Helm use: comparisons separated by spaces or commas (all must hold),
/// alternatives by <c>||</c>; <c>^1.2</c>, <c>~1.2</c>, <c>1.2.x</c>, <c>1.0 - 2.0</c>, <c>*</c>. A pre-release matches only
/// where a comparison names a pre-release itself (<c>&gt;=1.0.0-0</c>).
/// </summary>
public sealed class VersionRange
{
    private readonly IReadOnlyList<IReadOnlyList<Comparison>> _alternatives;

    private VersionRange(IReadOnlyList<IReadOnlyList<Comparison>> alternatives) => _alternatives = alternatives;

    /// <summary>The range, or null when the text is none.</summary>
    public static VersionRange? Parse(string text)
    {
        var alternatives = new List<IReadOnlyList<Comparison>>();
        foreach (var alternative in text.Split("||"))
        {
            var comparisons = ParseAll(alternative);
            if (comparisons is null)
            {
                return null;
            }

            alternatives.Add(comparisons);
        }

        return new VersionRange(alternatives);
    }

    public bool Contains(SemanticVersion version) => _alternatives.Any(all =>
        all.All(c => c.Holds(version)) && (!version.IsPrerelease || all.Any(c => c.NamesPrerelease)));

    private static List<Comparison>? ParseAll(string text)
    {
        var between = text.Split(" - ");
        if (between.Length == 2)
        {
            text = $">={between[0]} <={between[1]}";
        }

        var comparisons = new List<Comparison>();
        var words = Join(text.Split([' ', ',', '\t'], StringSplitOptions.RemoveEmptyEntries));
        foreach (var word in words)
        {
            var digits = word.IndexOfAny([.. "0123456789vV*xX"]);
            if (digits < 0 || !TryAdd(comparisons, word[..digits], word[digits..]))
            {
                return null;
            }
        }

        return words.Count == 0 ? null : comparisons;
    }

    /// <summary>An operator may stand apart from its version: <c>&gt;= 1.2</c>.</summary>
    private static List<string> Join(string[] words)
    {
        var joined = new List<string>();
        var pending = "";
        foreach (var word in words)
        {
            pending += word;
            if (word.Any(c => char.IsAsciiLetterOrDigit(c) || c == '*'))
            {
                joined.Add(pending);
                pending = "";
            }
        }

        if (pending.Length > 0)
        {
            joined.Add(pending);
        }

        return joined;
    }

    private static bool TryAdd(List<Comparison> comparisons, string sign, string text)
    {
        var numbers = text.TrimStart('v', 'V').Split('-', '+')[0];
        var parts = numbers.Split('.');
        var given = parts.TakeWhile(p => p is not ("*" or "x" or "X")).Count();
        var suffix = text[(text.IndexOf(numbers, StringComparison.Ordinal) + numbers.Length)..];
        var low = SemanticVersion.Parse(string.Join('.', given == 0 ? ["0"] : parts.Take(given)) + suffix);
        if (low is null || parts.Length > 3 || ComparisonsOf(sign, low, given) is not { } meant)
        {
            return false;
        }

        comparisons.AddRange(meant);
        return true;
    }

    /// <summary>What a sign says of a version of which <paramref name="given"/> numbers are written; null for an unknown sign.</summary>
    private static IEnumerable<Comparison>? ComparisonsOf(string sign, SemanticVersion low, int given)
    {
        var next = Next(low, given);
        return sign switch
        {
            "" or "=" when given == 3 => [new Comparison(v => v.CompareTo(low) == 0, low)],
            "" or "=" => Between(low, next),
            "!=" => [new Comparison(v => !IsMeant(v, low, given), low)],
            ">" when next is not null => [new Comparison(v => v >= next, low)],
            ">" => [new Comparison(v => v > low, low)],
            ">=" or "=>" => [new Comparison(v => v >= low, low)],
            "<" => [new Comparison(v => v < low, low)],
            "<=" or "=<" when next is not null => [new Comparison(v => v < next, low)],
            "<=" or "=<" => [new Comparison(v => v <= low, low)],
            "~" or "~>" => Between(low, TildeLimit(low, given)),
            "^" => Between(low, CaretLimit(low, given)),
            _ => null,
        };
    }

    /// <summary>Whether a version is the written one, or begins with the numbers that are written of it.</summary>
    private static bool IsMeant(SemanticVersion version, SemanticVersion written, int given) => given switch
    {
        1 => version.Major == written.Major,
        2 => version.Major == written.Major && version.Minor == written.Minor,
        _ => version.CompareTo(written) == 0,
    };

    /// <summary>The first version after all that begin with the one or two numbers given; null when none or all three are.</summary>
    private static SemanticVersion? Next(SemanticVersion low, int given) => given switch
    {
        1 => First(low.Major + 1, 0, 0),
        2 => First(low.Major, low.Minor + 1, 0),
        _ => null,
    };

    /// <summary>No limit for <c>~0.0.0</c>, which stands for every version there.</summary>
    private static SemanticVersion? TildeLimit(SemanticVersion low, int given) => given switch
    {
        3 when low is { Major: 0, Minor: 0, Patch: 0 } => null,
        3 => Next(low, 2),
        _ => Next(low, given),
    };

    private static SemanticVersion? CaretLimit(SemanticVersion low, int given) => (low.Major, low.Minor, given) switch
    {
        (_, _, 0) => null,
        (> 0, _, _) or (_, _, 1) => First(low.Major + 1, 0, 0),
        (_, > 0, _) or (_, _, 2) => First(0, low.Minor + 1, 0),
        _ => First(0, 0, low.Patch + 1),
    };

    /// <summary>The lowest pre-release of a version: a range that ends before <c>2.0.0</c> ends before <c>2.0.0-alpha</c> too.</summary>
    private static SemanticVersion First(long major, long minor, long patch) => new(major, minor, patch, "0");

    private static IEnumerable<Comparison> Between(SemanticVersion low, SemanticVersion? below) =>
        [new Comparison(v => v >= low && (below is null || v < below), low)];

    /// <summary>One condition, and the version that is written in it.</summary>
    private sealed record Comparison(Func<SemanticVersion, bool> Holds, SemanticVersion Written)
    {
        public bool NamesPrerelease => Written.IsPrerelease;
    }
}
