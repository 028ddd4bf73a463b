namespace Portcullis.Scanning.Files;

/// <summary>The names of entries as paths in the image.</summary>
internal static class EntryPath
{
    /// <summary>The path without a leading slash, `.`, `..` or empty parts; empty for the root; null when it leads out of the image.</summary>
    public static string? Of(string name)
    {
        var path = name.AsSpan().TrimEnd('/');
        path = path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
        return IsPlain(path) ? path.Length == name.Length ? name : path.ToString() : Resolve(name);
    }

    /// <summary>What a symbolic link at a path leads to, as a path in the image; null when it leads out.</summary>
    public static string? OfLink(string path, string target) =>
        Of(target.StartsWith('/') ? target : string.Concat(path.AsSpan(0, path.LastIndexOf('/') + 1), target));

    private static bool IsPlain(ReadOnlySpan<char> path) =>
        !path.StartsWith("/", StringComparison.Ordinal) && !path.Contains("//", StringComparison.Ordinal) && !path.StartsWith(".", StringComparison.Ordinal)
        && !path.Contains("/.", StringComparison.Ordinal);

    private static string? Resolve(string name)
    {
        var parts = new List<string>();
        foreach (var part in name.Split('/'))
        {
            if (part == ".." && parts.Count == 0)
            {
                return null;
            }

            if (part == "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }
}
