namespace Portcullis.Objects.Yaml;

/// <summary>
/// Cuts a stream before each line that begins with <c>---</c> (apimachinery's YAMLReader does the same), so that each document is
/// parsed alone. Directives (<c>%YAML</c>) stay with the document they belong to. Block scalars cannot hold such a line: it would end them.
/// </summary>
internal ref struct DocumentSplitter(ReadOnlySpan<byte> utf8)
{
    private ReadOnlySpan<byte> _rest = utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
    private int _line = 1;

    /// <summary>The next chunk, its <c>---</c> line included, and the number of its first line.</summary>
    public bool Next(out ReadOnlySpan<byte> chunk, out int firstLine)
    {
        firstLine = _line;
        if (_rest.IsEmpty)
        {
            chunk = default;
            return false;
        }

        var end = EndOfDocument(_rest);
        chunk = _rest[..end];
        _rest = _rest[end..];
        _line += chunk.Count((byte)'\n');
        return true;
    }

    private static int EndOfDocument(ReadOnlySpan<byte> text)
    {
        var onlyDirectives = text[0] == (byte)'%';
        var at = 0;
        while (true)
        {
            var newline = text[at..].IndexOf((byte)'\n');
            if (newline < 0)
            {
                return text.Length;
            }

            var line = text.Slice(at, newline);
            onlyDirectives = onlyDirectives && (line.IsEmpty || line[0] is (byte)'%' or (byte)'#' or (byte)'\r');
            at += newline + 1;
            if (!onlyDirectives && IsSeparator(text[at..]))
            {
                return at;
            }
        }
    }

    private static bool IsSeparator(ReadOnlySpan<byte> line) =>
        line.StartsWith("---"u8) && (line.Length == 3 || line[3] is (byte)'\n' or (byte)'\r' or (byte)' ' or (byte)'\t');
}
