using System.Text;
using Portcullis.Clients.Git;

namespace Portcullis.Sources.Fetch;

/// <summary>
/// Which files of a tree are manifests: <c>*.yaml</c>, <c>*.yml</c>, <c>*.json</c>, nothing below a folder whose name begins with a
/// dot, and nothing that the <c>.sourceignore</c> at the top of the source's folder leaves out (gitignore's patterns; a later line
/// wins, <c>!</c> takes back in).
/// </summary>
internal sealed class ManifestFilter
{
    public const string IgnoreFile = ".sourceignore";

    private const int DepthLimit = 64;

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

            var keep = line.StartsWith('!');
            line = keep ? line[1..] : line;
            var foldersOnly = line.EndsWith('/');
            var parts = line.Trim('/').Split('/');
            _patterns.Add((keep, foldersOnly, parts, line.TrimEnd('/').Contains('/', StringComparison.Ordinal)));
        }
    }

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
            if (IsIgnored(parts[..depth], isFolder || depth < parts.Length))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The text of a <c>.sourceignore</c>.</summary>
    public static ManifestFilter From(GitBlob? blob) => new(blob?.Content is { } bytes ? Encoding.UTF8.GetString(bytes) : null);

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

    private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> parts)
    {
        if (pattern.Length == 0)
        {
            return parts.Length == 0;
        }

        if (pattern[0] == "**")
        {
            for (var skip = 0; skip <= parts.Length; skip++)
            {
                if (Matches(pattern[1..], parts[skip..]))
                {
                    return true;
                }
            }

            return false;
        }

        return parts.Length > 0 && MatchesName(pattern[0], parts[0]) && Matches(pattern[1..], parts[1..]);
    }

    private static bool MatchesName(string pattern, string name) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
