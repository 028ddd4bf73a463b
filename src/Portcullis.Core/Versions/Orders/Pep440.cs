namespace Portcullis.Core.Versions.Orders;

/// <summary>
/// Versions of PEP 440 in every spelling that its appendix B allows. A development release without a phase is below every phase of its release, else what is not
/// there is above every phase and every development release, and below every post-release and local label.
/// </summary>
internal static class Pep440
{
    private const byte Lowest = 0;
    private const byte Given = 1;
    private const byte Highest = 255;
    private const byte Alpha = 1;
    private const byte Beta = 2;
    private const byte Candidate = 3;
    private const byte LocalText = 1;
    private const byte LocalNumber = 2;
    private const byte End = 0;

    /// <summary>The spellings of the phases; a longer one stands before the one that it begins with.</summary>
    private static readonly (string Word, byte Phase)[] Phases =
    [
        ("alpha", Alpha), ("a", Alpha), ("beta", Beta), ("b", Beta), ("preview", Candidate), ("pre", Candidate), ("c", Candidate), ("rc", Candidate),
    ];

    public static bool TryAdd(ReadOnlySpan<char> version, KeyWriter writer)
    {
        var text = new VersionText(version);
        text.TryTake("v");
        AddEpoch(ref text, writer);
        if (!NumberList.TryAdd(ref text, writer))
        {
            return false;
        }

        var phase = TakePhase(ref text, out var phaseNumber);
        var isPost = TryTakePost(ref text, out var post);
        var isDevelopment = TryTakeWord(ref text, "dev", out var development);
        AddPhase(writer, phase == Highest && !isPost && isDevelopment ? Lowest : phase, phaseNumber);
        AddOptional(writer, isPost, post, Lowest);
        AddOptional(writer, isDevelopment, development, Highest);
        return TryAddLocal(ref text, writer);
    }

    private static void AddEpoch(ref VersionText text, KeyWriter writer)
    {
        var digits = text.Rest.IndexOf('!');
        var isEpoch = digits > 0 && !text.Rest[..digits].ContainsAnyExceptInRange('0', '9');
        writer.AddNumber(isEpoch ? text.Take(digits) : "");
        text.Skip(isEpoch ? 1 : 0);
    }

    private static byte TakePhase(ref VersionText text, out ReadOnlySpan<char> number)
    {
        foreach (var (word, phase) in Phases)
        {
            if (TryTakeWord(ref text, word, out number))
            {
                return phase;
            }
        }

        number = default;
        return Highest;
    }

    /// <summary>A hyphen and a number, or one of the words.</summary>
    private static bool TryTakePost(ref VersionText text, out ReadOnlySpan<char> number)
    {
        if (text.Rest is ['-', >= '0' and <= '9', ..])
        {
            text.Skip();
            number = text.TakeDigits();
            return true;
        }

        return TryTakeWord(ref text, "post", out number) || TryTakeWord(ref text, "rev", out number) || TryTakeWord(ref text, "r", out number);
    }

    /// <summary>A separator, the word, a separator and a number, of which only the word must be there.</summary>
    private static bool TryTakeWord(ref VersionText text, string word, out ReadOnlySpan<char> number)
    {
        var separator = text.Next is '-' or '_' or '.' ? 1 : 0;
        if (!text.Rest[separator..].StartsWith(word, StringComparison.OrdinalIgnoreCase))
        {
            number = default;
            return false;
        }

        text.Skip(separator + word.Length);
        text.Skip(text.Next is '-' or '_' or '.' ? 1 : 0);
        number = text.TakeDigits();
        return true;
    }

    private static void AddPhase(KeyWriter writer, byte phase, ReadOnlySpan<char> number)
    {
        writer.Add(phase);
        if (phase is not (Lowest or Highest))
        {
            writer.AddNumber(number);
        }
    }

    private static void AddOptional(KeyWriter writer, bool isGiven, ReadOnlySpan<char> number, byte absent)
    {
        writer.Add(isGiven ? Given : absent);
        if (isGiven)
        {
            writer.AddNumber(number);
        }
    }

    /// <summary>The local label to the end of the text: segments of digits are above segments of letters, more of them above fewer.</summary>
    private static bool TryAddLocal(ref VersionText text, KeyWriter writer)
    {
        if (text.IsEmpty)
        {
            writer.Add(End);
            return true;
        }

        if (!text.TryTake('+'))
        {
            return false;
        }

        do
        {
            var segment = text.TakeWhile(char.IsAsciiLetterOrDigit);
            if (segment.IsEmpty)
            {
                return false;
            }

            AddLocalSegment(writer, segment);
        }
        while (text.TryTake('.') || text.TryTake('-') || text.TryTake('_'));

        writer.Add(End);
        return text.IsEmpty;
    }

    private static void AddLocalSegment(KeyWriter writer, ReadOnlySpan<char> segment)
    {
        if (segment.ContainsAnyExceptInRange('0', '9'))
        {
            writer.Add(LocalText);
            writer.AddLowerCase(segment);
            writer.Add(End);
        }
        else
        {
            writer.Add(LocalNumber);
            writer.AddNumber(segment);
        }
    }
}
