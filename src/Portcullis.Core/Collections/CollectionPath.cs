using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Portcullis.Core.Collections;

/// <summary>
/// Paths such as <c>/production/mobile</c>, and the label by which everything below one is selected. The label's key holds the whole path,
/// last segment first, so two collections called <c>mobile</c> never meet: <c>mobile.production.tree.portcullis.dev/depth</c>.
/// A key's prefix may have 253 characters; a path that does not fit is named by its last segment and a hash, under another suffix, so that
/// no short path can ever look like a long one.
/// </summary>
public static class CollectionPath
{
    public const string TreeSuffix = ".tree.portcullis.dev/depth";
    public const string LongTreeSuffix = ".longtree.portcullis.dev/depth";
    private const int MaxPrefix = 253;

    /// <summary>The path one level up; null for a path of one segment.</summary>
    public static string? Parent(string path)
    {
        var cut = path.LastIndexOf('/');
        return cut <= 0 ? null : path[..cut];
    }

    /// <summary>How many segments.</summary>
    public static int Depth(string path) => path.Count(c => c == '/');

    /// <summary>True for the ancestor itself and everything below it.</summary>
    public static bool IsWithin(string path, string ancestor) =>
        path.StartsWith(ancestor, StringComparison.Ordinal) && (path.Length == ancestor.Length || path[ancestor.Length] == '/');

    /// <summary>Those of some paths that are below one, in order; they stand side by side.</summary>
    internal static IEnumerable<string> Below(ImmutableSortedSet<string>? paths, string path)
    {
        var prefix = path + "/";
        var found = paths?.IndexOf(prefix) ?? 0;
        for (var at = found < 0 ? ~found : found; at < paths?.Count && paths[at].StartsWith(prefix, StringComparison.Ordinal); at++)
        {
            yield return paths[at];
        }
    }

    /// <summary>The path and its ancestors, nearest first.</summary>
    public static IEnumerable<string> SelfAndAncestors(string path)
    {
        for (var at = path; at is not null; at = Parent(at))
        {
            yield return at;
        }
    }

    /// <summary>The label key carried by everything in the collection's subtree; its value is the distance to the collection.</summary>
    public static string TreeLabel(string path)
    {
        var segments = path[1..].Split('/');
        var reversed = string.Join('.', segments.Reverse());
        if (reversed.Length + TreeSuffix.Length - "/depth".Length <= MaxPrefix)
        {
            return reversed + TreeSuffix;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)).AsSpan(0, 30));
        return $"{segments[^1]}.{hash}{LongTreeSuffix}";
    }

    /// <summary>Whether a label key is one of ours for the tree, of whatever path.</summary>
    public static bool IsTreeLabel(string key) =>
        key.EndsWith(TreeSuffix, StringComparison.Ordinal) || key.EndsWith(LongTreeSuffix, StringComparison.Ordinal);
}
