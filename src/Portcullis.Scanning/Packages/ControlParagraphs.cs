using System.Text;

namespace Portcullis.Scanning.Packages;

/// <summary>Reads paragraphs of `Field: value` lines, as dpkg's databases (Debian policy, 5.1) and Python's metadata (RFC 822 headers) have them.</summary>
internal static class ControlParagraphs
{
    // A field goes on for as many lines as a file has. What lies beyond makes none of the fields that are read more right.
    private const int MaxValue = 1 << 16;

    private const int MostHeaders = 1000;

    /// <summary>Each paragraph with the fields that are asked for, a value's further lines after line feeds. The names of fields have no case.</summary>
    /// <param name="text">The file.</param>
    /// <param name="fields">The fields that are kept.</param>
    /// <param name="visit">Takes a paragraph; it may keep it.</param>
    public static void Read(ReadOnlySpan<byte> text, IReadOnlySet<string> fields, Action<IReadOnlyDictionary<string, string>> visit)
    {
        var paragraph = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        string? last = null;
        var begun = false;
        foreach (var line in new TextLines(text))
        {
            if (line.Trim(" \t"u8).IsEmpty)
            {
                Finish();
                continue;
            }

            begun = true;
            if (line[0] is (byte)' ' or (byte)'\t')
            {
                if (last is not null && paragraph[last].Length < MaxValue)
                {
                    paragraph[last] += "\n" + Encoding.UTF8.GetString(line.Trim(" \t"u8));
                }

                continue;
            }

            last = Field(line, fields, paragraph);
        }

        Finish();

        void Finish()
        {
            if (begun)
            {
                visit(paragraph);
            }

            (paragraph, last, begun) = (new(StringComparer.OrdinalIgnoreCase), null, false);
        }
    }

    /// <summary>The first paragraph of a text, as the headers of a message; of very many the first.</summary>
    /// <param name="text">The file.</param>
    /// <param name="fields">The fields that are kept.</param>
    public static IReadOnlyList<(string Field, string Value)> Headers(ReadOnlySpan<byte> text, IReadOnlySet<string> fields)
    {
        var headers = new List<(string, string)>();
        foreach (var line in new TextLines(text))
        {
            if (line.IsEmpty || headers.Count == MostHeaders)
            {
                break;
            }

            if (line[0] is not ((byte)' ' or (byte)'\t') && line.IndexOf((byte)':') is > 0 and < 64 and var colon && Encoding.UTF8.GetString(line[..colon]) is var field && fields.Contains(field))
            {
                headers.Add((field, Encoding.UTF8.GetString(line[(colon + 1)..].Trim(" \t"u8))));
            }
        }

        return headers;
    }

    private static string? Field(ReadOnlySpan<byte> line, IReadOnlySet<string> fields, Dictionary<string, string> paragraph)
    {
        var colon = line.IndexOf((byte)':');
        var name = colon is > 0 and < 64 ? Encoding.UTF8.GetString(line[..colon]) : "";
        if (!fields.Contains(name))
        {
            return null;
        }

        paragraph[name] = Encoding.UTF8.GetString(line[(colon + 1)..].Trim(" \t"u8));
        return name;
    }
}
