using System.Text;
using Portcullis.Clients.Git;

namespace Portcullis.Sources.Fetch;

/// <summary>
/// Which files of a tree are manifests: <c>*.yaml</c>, <c>*.yml</c>, <c>*.json</c>, nothing below a folder whose name begins with a
/// dot, and nothing that the <c>.sourceignore</c> at the top of the source's folder leaves out (gitignore's patterns; a later line
/// wins, <c>!</c> takes back in). The work is bounded whatever the patterns are: they are limited in number and length, a path is compared
/// with a pattern in a time that grows with the product of their parts, and an answer is kept.
/// </summary>
internal sealed class ManifestFilter
{
    public const string IgnoreFile = ".sourceignore";

    private const int DepthLimit = 64;
    private const int PatternLimit = 1000;
    private const int PatternLengthLimit = 1024;

    private readonly Dictionary<(string Path, bool IsFolder), bool> _ignored = [];
    private readonly List<(bool Keep, bool FoldersOnly, string[] Parts, bool Anchored)> _patterns = [];

    public ManifestFilter(string? ignoreFile)
    {
        foreach (var raw in (ignoreFile ?? "").Split('\n'))
        {
            var line = raw.TrimEnd('\r', ' ', '\t');
            if (line.Length == 0 || line.StartsWith('#'))
            {
                continue;
            }

            if (_patterns.Count == PatternLimit || line.Length > PatternLengthLimit)
            {
                Problem = $"has more than {PatternLimit} patterns, or one of more than {PatternLengthLimit} characters: name folders instead of files";
                break;
            }

            var keep = line.StartsWith('!');
            line = keep ? line[1..] : line;
            var foldersOnly = line.EndsWith('/');
            var parts = line.Trim('/').Split('/');
            _patterns.Add((keep, foldersOnly, parts, line.TrimEnd('/').Contains('/', StringComparison.Ordinal)));
        }
    }

    /// <summary>Why the patterns cannot be used, after the name of the file; null when they can.</summary>
    public string? Problem { get; private init; }

    public static bool HasManifestName(string path) =>
        path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a path, relative to the source's folder, is read.</summary>
    public bool Accepts(string path) => HasManifestName(path) && Reaches(path, isFolder: false);

    /// <summary>Whether a file or folder is looked at, whatever its name ends with.</summary>
    public bool Reaches(string path, bool isFolder)
    {
        var parts = path.Split('/');
        if (parts.Length > DepthLimit || parts.Any(p => p.StartsWith('.')))
        {
            return false;
        }

        // As git does: once a folder is left out, nothing inside is taken back in.
        for (var depth = 1; depth <= parts.Length; depth++)
        {
            var isFolderThere = isFolder || depth < parts.Length;
            var key = (depth == parts.Length ? path : string.Join('/', parts[..depth]), isFolderThere);
            if (!_ignored.TryGetValue(key, out var ignored))
            {
                _ignored[key] = ignored = IsIgnored(parts[..depth], isFolderThere);
            }

            if (ignored)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The text of a <c>.sourceignore</c>.</summary>
    public static ManifestFilter From(GitBlob blob) => blob.Content is { } bytes
        ? new ManifestFilter(Encoding.UTF8.GetString(bytes))
        : new ManifestFilter(null) { Problem = $"has {blob.Size} bytes, which is too much: name folders instead of files" };

    private bool IsIgnored(string[] parts, bool isFolder)
    {
        var ignored = false;
        foreach (var (keep, foldersOnly, pattern, anchored) in _patterns)
        {
            if ((!foldersOnly || isFolder) && (anchored ? Matches(pattern, parts) : MatchesName(pattern[0], parts[^1])))
            {
                ignored = !keep;
            }
        }

        return ignored;
    }

    /// <summary><c>**</c> stands for any number of folders. After a mismatch only the last one seen needs to take a folder more.</summary>
    private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> parts)
    {
        int p = 0, at = 0, star = -1, mark = 0;
        while (at < parts.Length)
        {
            if (p < pattern.Length && pattern[p] == "**")
            {
                (star, mark) = (p++, at);
            }
            else if (p < pattern.Length && MatchesName(pattern[p], parts[at]))
            {
                (p, at) = (p + 1, at + 1);
            }
            else if (star >= 0)
            {
                (p, at) = (star + 1, ++mark);
            }
            else
            {
                return false;
            }
        }

        return !pattern[p..].ContainsAnyExcept("**");
    }

    private static bool MatchesName(string pattern, string name) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
