using System.Text;

namespace Portcullis.Core.Licences;

/// <summary>
/// What names of one licence have in common: their words and numbers, without those that every name has. <c>Apache License, Version 2.0</c> and <c>apache-2</c> are
/// both <c>apache 2</c>.
/// </summary>
internal static class LicenseKey
{
    private static readonly HashSet<string> Dropped = new(["the", "a", "an", "license", "licence", "licenses", "licensed", "version", "v", "ver"], StringComparer.Ordinal);

    public static string Of(string name)
    {
        var words = new List<string>();
        foreach (var word in Words(name.ToLowerInvariant()))
        {
            var kept = word.EndsWith(".0", StringComparison.Ordinal) ? word[..^2] : word;
            if (!Dropped.Contains(kept) && (words.Count == 0 || words[^1] != kept))
            {
                words.Add(kept);
            }
        }

        return string.Join(' ', words);
    }

    /// <summary>Runs of letters, and of digits with dots and letters after them; a v before a digit is a word of its own.</summary>
    private static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var isPart = char.IsAsciiLetterOrDigit(text[i]) || (text[i] == '.' && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]) && word.Length > 0 && char.IsAsciiDigit(word[0]));
            var splits = isPart && char.IsAsciiDigit(text[i]) && word.Length > 0 && !char.IsAsciiDigit(word[0]);
            if (word.Length > 0 && (!isPart || splits))
            {
                yield return WithoutVersionMark(word.ToString(), splits);
                word.Clear();
            }

            if (isPart)
            {
                word.Append(text[i]);
            }
        }

        if (word.Length > 0)
        {
            yield return word.ToString();
        }
    }

    /// <summary>mplv2 is mpl 2.</summary>
    private static string WithoutVersionMark(string word, bool isBeforeDigit) => isBeforeDigit && word.Length > 1 && word[^1] == 'v' ? word[..^1] : word;
}
