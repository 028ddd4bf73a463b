namespace Portcullis.Core.Versions.Orders;

/// <summary>
/// The order that setuptools had before PEP 440, for what was published then: runs of digits (compared as text, filled to eight with zeros), runs of letters and
/// what is between; the words for pre-releases are below the end, which is the word final.
/// </summary>
internal static class LegacyPythonOrder
{
    private const int NumberWidth = 8;
    private const byte EndOfPart = 1;
    private const byte End = 0;

    public static void Add(ReadOnlySpan<char> version, KeyWriter writer)
    {
        var parts = new List<string>();
        var text = new VersionText(version.ToString().ToLowerInvariant());
        while (!text.IsEmpty)
        {
            AddPart(parts, TakePart(ref text));
        }

        AddPart(parts, "final");
        foreach (var part in parts)
        {
            writer.AddText(part);
            writer.Add(EndOfPart);
        }

        writer.Add(End);
    }

    private static string TakePart(ref VersionText text) => (text switch
    {
        { AtDigit: true } => text.TakeDigits(),
        { AtLetter: true } => text.TakeLetters(),
        { Next: '.' or '-' } => text.Take(1),
        _ => text.TakeWhile(c => c is not ('.' or '-') && !char.IsAsciiLetterOrDigit(c)),
    }).ToString();

    private static void AddPart(List<string> parts, string part)
    {
        if (part == ".")
        {
            return;
        }

        if (char.IsAsciiDigit(part[0]))
        {
            parts.Add(part.PadLeft(NumberWidth, '0'));
            return;
        }

        var word = "*" + NameOf(part);
        if (string.CompareOrdinal(word, "*final") < 0)
        {
            RemoveAtEnd(parts, "*final-");
        }

        RemoveAtEnd(parts, "00000000");
        parts.Add(word);
    }

    private static string NameOf(string part) => part switch
    {
        "pre" or "preview" or "rc" => "c",
        "-" => "final-",
        "dev" => "@",
        _ => part,
    };

    private static void RemoveAtEnd(List<string> parts, string part)
    {
        while (parts.Count > 0 && parts[^1] == part)
        {
            parts.RemoveAt(parts.Count - 1);
        }
    }
}
