namespace Portcullis.Core.Versions.Orders;

/// <summary>
/// Versions of Ruby gems, as Gem::Version compares them: numbers and words in turn, words below numbers, and the end equal to any number of zeros there. Zeros before
/// the first word do not count; a hyphen stands for <c>.pre.</c>.
/// </summary>
internal sealed class GemOrder : IVersionOrder
{
    // The first byte of a segment with the zeros before it. After fewer zeros a word is lower, a number higher; the end is between.
    private const byte Word = 1;
    private const byte End = 2;
    private const byte Number = 3;
    private const byte EndOfWord = 0;

    public bool TryKey(ReadOnlySpan<char> version, out VersionKey key)
    {
        var trimmed = version.Trim();
        if (!IsVersion(trimmed))
        {
            key = default;
            return false;
        }

        var writer = new KeyWriter();
        Add(writer, new VersionText(trimmed.ToString().Replace("-", ".pre.", StringComparison.Ordinal)));
        key = writer.ToKey();
        return true;
    }

    private static void Add(KeyWriter writer, VersionText text)
    {
        var zeros = 0;
        var isNumeric = true;
        while (!text.IsEmpty)
        {
            var number = text.TakeDigits();
            if (!number.IsEmpty)
            {
                zeros = AddNumber(writer, number, zeros);
                continue;
            }

            var word = text.TakeLetters();
            if (word.IsEmpty)
            {
                text.Skip();
                continue;
            }

            AddWord(writer, word, isNumeric ? 0 : zeros);
            isNumeric = false;
            zeros = 0;
        }

        writer.Add(End);
    }

    /// <summary>Writes a number unless it is zero; the count of zeros that now wait to be written.</summary>
    private static int AddNumber(KeyWriter writer, ReadOnlySpan<char> number, int zeros)
    {
        if (!number.ContainsAnyExcept('0'))
        {
            return zeros + 1;
        }

        writer.Add(Number);
        writer.AddFallingCount(zeros);
        writer.AddNumber(number);
        return 0;
    }

    private static void AddWord(KeyWriter writer, ReadOnlySpan<char> word, int zeros)
    {
        writer.Add(Word);
        writer.AddCount(zeros);
        writer.AddText(word);
        writer.Add(EndOfWord);
    }

    /// <summary>A digit, segments of letters and digits with dots between, then perhaps a hyphen with such segments, in which hyphens may be.</summary>
    private static bool IsVersion(ReadOnlySpan<char> text)
    {
        var hyphen = text.IndexOf('-');
        var head = hyphen < 0 ? text : text[..hyphen];
        return head is [>= '0' and <= '9', ..] && AreSegments(head, allowHyphen: false)
            && (hyphen < 0 || AreSegments(text[(hyphen + 1)..], allowHyphen: true));
    }

    private static bool AreSegments(ReadOnlySpan<char> text, bool allowHyphen)
    {
        foreach (var range in text.Split('.'))
        {
            if (text[range].IsEmpty || text[range].ContainsAnyExcept(VersionCharacters.Identifier) || (!allowHyphen && text[range].Contains('-')))
            {
                return false;
            }
        }

        return true;
    }
}
