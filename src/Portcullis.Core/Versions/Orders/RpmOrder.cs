namespace Portcullis.Core.Versions.Orders;

/// <summary>
/// RPM's versions, <c>[epoch:]version[-release]</c>, as rpmvercmp(3) orders them: runs of letters and of digits in turn, everything else a separator but for the tilde
/// (below the end) and the caret (above the end, below all else). Numbers are above letters. A version without a release is below one with any.
/// </summary>
internal sealed class RpmOrder : IVersionOrder
{
    private const byte Tilde = 1;
    private const byte End = 2;
    private const byte Caret = 3;
    private const byte Letters = 4;
    private const byte Digits = 5;
    private const byte EndOfLetters = 0;
    private const byte NoRelease = 0;
    private const byte Release = 1;

    public bool TryKey(ReadOnlySpan<char> version, out VersionKey key)
    {
        var text = new VersionText(version.Trim());
        if (text.IsEmpty)
        {
            key = default;
            return false;
        }

        var writer = new KeyWriter();
        AddEpoch(ref text, writer);
        var hyphen = text.Rest.LastIndexOf('-');
        AddPart(writer, hyphen < 0 ? text.Rest : text.Rest[..hyphen]);
        writer.Add(hyphen < 0 ? NoRelease : Release);
        AddPart(writer, hyphen < 0 ? "" : text.Rest[(hyphen + 1)..]);
        key = writer.ToKey();
        return true;
    }

    /// <summary>Digits before a colon, or the colon alone.</summary>
    private static void AddEpoch(ref VersionText text, KeyWriter writer)
    {
        var colon = text.Rest.IndexOf(':');
        var hasEpoch = colon >= 0 && !text.Rest[..colon].ContainsAnyExceptInRange('0', '9');
        writer.AddNumber(hasEpoch ? text.Rest[..colon] : "");
        text.Skip(hasEpoch ? colon + 1 : 0);
    }

    private static void AddPart(KeyWriter writer, ReadOnlySpan<char> part)
    {
        var text = new VersionText(part);
        while (!text.IsEmpty)
        {
            AddRun(writer, ref text);
        }

        writer.Add(End);
    }

    private static void AddRun(KeyWriter writer, ref VersionText text)
    {
        if (text.AtDigit)
        {
            writer.Add(Digits);
            writer.AddNumber(text.TakeDigits());
        }
        else if (text.AtLetter)
        {
            writer.Add(Letters);
            writer.AddText(text.TakeLetters());
            writer.Add(EndOfLetters);
        }
        else if (text.Take(1)[0] is ('~' or '^') and var mark)
        {
            writer.Add(mark == '~' ? Tilde : Caret);
        }
    }
}
