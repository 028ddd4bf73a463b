namespace Portcullis.Core.Components;

/// <summary>Reads package URLs from their ends inwards, as the specification says ("How to parse a purl string").</summary>
internal static class PackageUrlReader
{
    private const string Scheme = "pkg:";

    public static PackageUrl? Read(string text)
    {
        text = text.Trim();
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var (beforeSubpath, subpath) = Cut(text[Scheme.Length..], '#', last: true);
        var (path, query) = Cut(beforeSubpath, '?', last: true);
        var (type, rest) = Cut(path.Trim('/'), '/', last: false);
        if (Qualifiers(query) is not { } qualifiers || !IsType(type))
        {
            return null;
        }

        var (full, version) = rest.LastIndexOf('@') > rest.LastIndexOf('/') ? Cut(rest, '@', last: true) : (rest, "");
        var segments = full.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(PercentCode.Decode).ToList();
        return segments.Count == 0 ? null : PackageUrlNames.Normalize(new PackageUrl
        {
            Type = type.ToLowerInvariant(),
            Namespace = string.Join('/', segments.Take(segments.Count - 1)),
            Name = segments[^1],
            Version = PercentCode.Decode(version),
            Qualifiers = qualifiers,
            Subpath = string.Join('/', subpath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(PercentCode.Decode).Where(s => s is not ("." or ".."))),
        });
    }

    private static (string Before, string After) Cut(string text, char separator, bool last)
    {
        var at = last ? text.LastIndexOf(separator) : text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);
    }

    private static bool IsType(string type) => type.Length > 0 && !char.IsAsciiDigit(type[0]) && type.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+');

    /// <summary>Null when a key is none.</summary>
    private static List<KeyValuePair<string, string>>? Qualifiers(string query)
    {
        var qualifiers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = Cut(pair, '=', last: false);
            if (!IsKey(key) || (value.Length > 0 && !qualifiers.TryAdd(key.ToLowerInvariant(), PercentCode.Decode(value))))
            {
                return null;
            }
        }

        return [.. qualifiers];
    }

    private static bool IsKey(string key) => key.Length > 0 && !char.IsAsciiDigit(key[0]) && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}
