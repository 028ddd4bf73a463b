namespace Portcullis.Clients.Git;

/// <summary>
/// Names that anybody who commits chooses freely, cut to a size that fits into annotations, Events and status: git itself sets no limit, and
/// an API server refuses an object whose annotations exceed 256 KiB.
/// </summary>
internal static class GitNames
{
    private const int AuthorLimit = 256;
    private const int SubjectLimit = 1024;

    /// <summary><c>Name &lt;mail&gt;</c>.</summary>
    public static string Author(string text) => Cut(text, AuthorLimit);

    public static string Subject(string text) => Cut(text, SubjectLimit);

    private static string Cut(string text, int limit)
    {
        if (text.Length <= limit)
        {
            return text;
        }

        // Never within a character of two units.
        var end = char.IsHighSurrogate(text[limit - 2]) ? limit - 2 : limit - 1;
        return string.Concat(text.AsSpan(0, end), "…");
    }
}
