namespace Portcullis.Core;

/// <summary>Names with <c>*</c> for any part. A pattern also covers a narrower pattern, since <c>*</c> is an ordinary letter of the covered text.</summary>
public static class Glob
{
    public static bool Covers(string pattern, string text)
    {
        int p = 0, t = 0, star = -1, mark = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = t;
            }
            else if (p < pattern.Length && pattern[p] == text[t])
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++mark;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }

    /// <summary>Whether some text is covered by both.</summary>
    public static bool Overlap(string left, string right)
    {
        // Which prefixes of left can end where a prefix of right ends, a row of left's letters at a time.
        var row = new bool[right.Length + 1];
        row[0] = true;
        for (var r = 0; r < right.Length && right[r] == '*'; r++)
        {
            row[r + 1] = true;
        }

        foreach (var letter in left)
        {
            var next = new bool[right.Length + 1];
            next[0] = row[0] && letter == '*';
            for (var r = 0; r < right.Length; r++)
            {
                next[r + 1] = letter == '*' || right[r] == '*' ? row[r + 1] || next[r] || row[r] : row[r] && letter == right[r];
            }

            row = next;
        }

        return row[^1];
    }

    public static bool CoversAny(IReadOnlyList<string>? patterns, string text) => patterns?.Any(p => Covers(p, text)) == true;
}
