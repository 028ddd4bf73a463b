namespace Portcullis.Core.Scopes;

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

    public static bool CoversAny(IReadOnlyList<string>? patterns, string text) => patterns?.Any(p => Covers(p, text)) == true;
}
