namespace Portcullis.Core.Licences;

/// <summary>What is of use of a paragraph of a copyright file of Debian.</summary>
/// <param name="Name">The first line of its field License; empty when there is none.</param>
/// <param name="Text">The further lines of the field.</param>
/// <param name="HasLicense">Whether it has the field.</param>
/// <param name="IsText">Whether it has the field but is neither of files nor the header, so that it only says what a name stands for.</param>
internal sealed record DebianParagraph(string Name, string Text, bool HasLicense, bool IsText);

/// <summary>Reads the paragraphs of a copyright file of Debian (copyright-format 1.0, "Syntax"): fields, continued on lines that begin with a space.</summary>
internal static class DebianParagraphs
{
    public static IReadOnlyList<DebianParagraph> Of(string text)
    {
        var paragraphs = new List<DebianParagraph>();
        var lines = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            if (line.AsSpan().Trim().IsEmpty)
            {
                Add(paragraphs, lines);
                lines = [];
            }
            else
            {
                lines.Add(line);
            }
        }

        Add(paragraphs, lines);
        return paragraphs;
    }

    private static void Add(List<DebianParagraph> paragraphs, List<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        var start = lines.FindIndex(l => IsField(l, "License"));
        var isFirst = paragraphs.Count == 0;
        var isText = start >= 0 && !isFirst && !lines.Exists(l => IsField(l, "Files") || IsField(l, "Copyright"));
        var name = start < 0 ? "" : lines[start]["License:".Length..].Trim();
        var text = start < 0 ? [] : lines.Skip(start + 1).TakeWhile(l => l[0] is ' ' or '\t');
        paragraphs.Add(new DebianParagraph(name, string.Join('\n', text), start >= 0, isText));
    }

    private static bool IsField(string line, string name) =>
        line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase);
}
