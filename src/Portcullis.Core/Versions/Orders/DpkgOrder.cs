namespace Portcullis.Core.Versions.Orders;

/// <summary>
/// Debian's versions, <c>[epoch:]upstream[-revision]</c>, as <c>dpkg --compare-versions</c> orders them (deb-version(7)). The parts are compared as runs of
/// non-digits and digits in turn, a tilde before everything, the end before all else; the end of a part equals any number of zeros there.
/// </summary>
internal sealed class DpkgOrder : IVersionOrder
{
    private const byte Tilde = 1;
    private const byte EndOfRun = 2;
    private const byte Letter = 3;
    private const byte OtherCharacter = 4;

    public bool TryKey(ReadOnlySpan<char> version, out VersionKey key)
    {
        var text = version.Trim();
        if (text.IsEmpty)
        {
            key = default;
            return false;
        }

        var writer = new KeyWriter();
        var colon = text.IndexOf(':');
        var epoch = colon < 0 || text[..colon].ContainsAnyExceptInRange('0', '9') ? -1 : colon;
        writer.AddNumber(epoch < 0 ? "" : text[..epoch]);
        text = text[(epoch + 1)..];
        var hyphen = text.LastIndexOf('-');
        AddPart(writer, hyphen < 0 ? text : text[..hyphen]);
        AddPart(writer, hyphen < 0 ? "" : text[(hyphen + 1)..]);
        key = writer.ToKey();
        return true;
    }

    /// <summary>Pairs of a run of non-digits and a number. Only the first run may be empty, so the mark at the end is compared with what a run begins with.</summary>
    private static void AddPart(KeyWriter writer, ReadOnlySpan<char> part)
    {
        var text = new VersionText(part);
        do
        {
            while (!text.IsEmpty && !text.AtDigit)
            {
                AddCharacter(writer, text.Take(1)[0]);
            }

            writer.Add(EndOfRun);
            writer.AddNumber(text.TakeDigits());
        }
        while (!text.IsEmpty);

        writer.Add(EndOfRun);
    }

    private static void AddCharacter(KeyWriter writer, char character)
    {
        if (character == '~')
        {
            writer.Add(Tilde);
            return;
        }

        writer.Add(char.IsAsciiLetter(character) ? Letter : OtherCharacter);
        writer.AddText([character]);
    }
}
