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
            text = $">={between[0].Trim()} <={between[1].Trim()}";
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
        var parts = text.TrimStart('v', 'V').Split('-', 2)[0].Split('.');
        var given = parts.TakeWhile(p => p is not ("*" or "x" or "X")).Count();
        var wild = given < parts.Length;
        var cleaned = wild ? string.Join('.', parts.Take(given)) : text;
        var low = given == 0 ? new SemanticVersion(0, 0, 0) : SemanticVersion.Parse(cleaned);
        if (low is null || parts.Length > 3)
        {
            return false;
        }

        var next = given switch
        {
            0 => null,
            1 => new SemanticVersion(low.Major + 1, 0, 0),
            2 => new SemanticVersion(low.Major, low.Minor + 1, 0),
            _ => new SemanticVersion(low.Major, low.Minor, low.Patch + 1),
        };
        switch (sign)
        {
            case "" or "=" when given == 3:
                comparisons.Add(new Comparison(c => c == 0, low));
                break;
            case "" or "=":
                AddBetween(comparisons, low, next);
                break;
            case "!=":
                comparisons.Add(new Comparison(c => c != 0, low));
                break;
            case ">" when next is not null && given < 3:
                comparisons.Add(new Comparison(c => c >= 0, next));
                break;
            case ">":
                comparisons.Add(new Comparison(c => c > 0, low));
                break;
            case ">=" or "=>":
                comparisons.Add(new Comparison(c => c >= 0, low));
                break;
            case "<":
                comparisons.Add(new Comparison(c => c < 0, low));
                break;
            case "<=" or "=<" when given is 1 or 2:
                comparisons.Add(new Comparison(c => c < 0, next!));
                break;
            case "<=" or "=<":
                comparisons.Add(new Comparison(c => c <= 0, low));
                break;
            case "~" or "~>":
                AddBetween(comparisons, low, given <= 1 ? next : new SemanticVersion(low.Major, low.Minor + 1, 0));
                break;
            case "^":
                AddBetween(comparisons, low, CaretLimit(low, given));
                break;
            default:
                return false;
        }

        return true;
    }

    private static SemanticVersion? CaretLimit(SemanticVersion low, int given) => (low.Major, low.Minor, given) switch
    {
        (_, _, 0) => null,
        (> 0, _, _) or (_, _, 1) => new SemanticVersion(low.Major + 1, 0, 0),
        (_, > 0, _) or (_, _, 2) => new SemanticVersion(0, low.Minor + 1, 0),
        _ => new SemanticVersion(0, 0, low.Patch + 1),
    };

    private static void AddBetween(List<Comparison> comparisons, SemanticVersion low, SemanticVersion? below)
    {
        comparisons.Add(new Comparison(c => c >= 0, low));
        if (below is not null)
        {
            comparisons.Add(new Comparison(c => c < 0, below));
        }
    }

    private sealed record Comparison(Func<int, bool> Accepts, SemanticVersion Version)
    {
        public bool NamesPrerelease => Version.IsPrerelease;

        public bool Holds(SemanticVersion candidate) => Accepts(candidate.CompareTo(Version));
    }
}
