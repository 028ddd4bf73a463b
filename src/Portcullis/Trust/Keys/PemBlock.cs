namespace Portcullis.Trust.Keys;

/// <summary>
/// One block of PEM with the headers of RFC 1421 ("role: root") between its first line and its content, which .NET's own reader does not take.
/// </summary>
/// <param name="Label">What stands after BEGIN.</param>
/// <param name="Headers">By name, without regard to case.</param>
/// <param name="Content">The bytes.</param>
internal sealed record PemBlock(string Label, IReadOnlyDictionary<string, string> Headers, byte[] Content)
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";

    /// <summary>Every block of a text that is whole, in order.</summary>
    public static IEnumerable<PemBlock> ReadAll(string text)
    {
        List<string>? lines = null;
        var label = "";
        foreach (var line in text.Split('\n').Select(l => l.Trim()))
        {
            if (line.StartsWith(Begin, StringComparison.Ordinal) && line.EndsWith(Dashes, StringComparison.Ordinal) && line.Length > Begin.Length + Dashes.Length)
            {
                (lines, label) = ([], line[Begin.Length..^Dashes.Length]);
            }
            else if (line == $"{End}{label}{Dashes}" && lines is not null)
            {
                if (Of(label, lines) is { } block)
                {
                    yield return block;
                }

                lines = null;
            }
            else
            {
                lines?.Add(line);
            }
        }
    }

    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value : null;

    private static PemBlock? Of(string label, List<string> lines)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.TakeWhile(l => l.Contains(':', StringComparison.Ordinal)))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        }

        var base64 = string.Concat(lines.Skip(headers.Count));
        var content = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, content, out var length) ? new PemBlock(label, headers, content[..length]) : null;
    }
}
