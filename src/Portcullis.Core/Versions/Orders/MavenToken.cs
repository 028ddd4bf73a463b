namespace Portcullis.Core.Versions.Orders;

/// <summary>A part of a Maven version: a number or a qualifier, and whether a hyphen (or a change between digits and others) stands before it, else a dot.</summary>
internal readonly record struct MavenToken(bool IsHyphen, string Text)
{
    private static readonly string[] Known = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];

    public bool IsNumber => Text.Length > 0 && char.IsAsciiDigit(Text[0]);

    /// <summary>A zero or a word for a release: it does not count at the end.</summary>
    public bool IsNull => Text is "" or "0";

    /// <summary>The place of a qualifier: those of pre-releases, that of a release, then sp, then all others by their text.</summary>
    public int Rank => Array.IndexOf(Known, Text) is var rank && rank < 0 ? Known.Length : rank;

    public bool IsPreRelease => Rank < Array.IndexOf(Known, "");

    /// <summary>The tokens of a version, without those at its end, and before a hyphen, that do not count.</summary>
    public static List<MavenToken> Of(ReadOnlySpan<char> version)
    {
        var tokens = new List<MavenToken>();
        var text = version.ToString().ToLowerInvariant();
        var isHyphen = false;
        for (var start = 0; start <= text.Length;)
        {
            var length = text.AsSpan(start).IndexOfAny('.', '-');
            var end = length < 0 ? text.Length : start + length;
            AddRuns(tokens, text[start..end], isHyphen);
            isHyphen = end < text.Length && text[end] == '-';
            start = end + 1;
        }

        return Significant(tokens);
    }

    private static void AddRuns(List<MavenToken> tokens, string word, bool isHyphen)
    {
        if (word.Length == 0)
        {
            tokens.Add(new MavenToken(isHyphen, "0"));
        }

        for (var start = 0; start < word.Length;)
        {
            var isDigit = char.IsAsciiDigit(word[start]);
            var end = start;
            while (end < word.Length && char.IsAsciiDigit(word[end]) == isDigit)
            {
                end++;
            }

            tokens.Add(new MavenToken(isHyphen || start > 0, isDigit ? Number(word[start..end]) : Qualifier(word[start..end], end < word.Length)));
            start = end;
        }
    }

    private static string Number(string digits) => digits.TrimStart('0') is { Length: > 0 } significant ? significant : "0";

    private static string Qualifier(string word, bool isBeforeDigit) => word switch
    {
        "cr" => "rc",
        "ga" or "final" or "release" => "",
        "a" when isBeforeDigit => "alpha",
        "b" when isBeforeDigit => "beta",
        "m" when isBeforeDigit => "milestone",
        _ => word,
    };

    /// <summary>Without what does not count at the end and before each hyphen, the first token aside.</summary>
    private static List<MavenToken> Significant(List<MavenToken> tokens)
    {
        var kept = new List<MavenToken>();
        var isEnd = true;
        for (var i = tokens.Count - 1; i > 0; i--)
        {
            if (!isEnd || !tokens[i].IsNull)
            {
                Keep(kept, tokens[i]);
                isEnd = tokens[i].IsHyphen;
            }
        }

        kept.Add(tokens[0]);
        kept.Reverse();
        return kept;
    }

    /// <summary>A zero after a hyphen does not count before a pre-release: 1-0.alpha is 1-alpha (MNG-6964).</summary>
    private static void Keep(List<MavenToken> reversed, MavenToken token)
    {
        if (token is { IsHyphen: true, Text: "0" } && reversed.Count > 0 && reversed[^1] is { IsNumber: false, IsPreRelease: true })
        {
            reversed[^1] = reversed[^1] with { IsHyphen = true };
            return;
        }

        reversed.Add(token);
    }
}
