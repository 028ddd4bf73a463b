namespace Portcullis.Core.Collections;

/// <summary>
/// Finds patterns of repositories by what they begin with. Those of different collections are nested or have no name in common, so that one of
/// those that cover a name is the narrowest.
/// </summary>
internal sealed class RepositoryIndex
{
    private readonly Dictionary<string, List<RepositoryPattern>> _byPrefix = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _prefixes = new(StringComparer.Ordinal);

    public void Add(RepositoryPattern pattern)
    {
        if (_prefixes.Add(pattern.Prefix))
        {
            _byPrefix[pattern.Prefix] = [];
        }

        _byPrefix[pattern.Prefix].Add(pattern);
    }

    /// <summary>The narrowest pattern that covers the name. Of two that are nested, the inner one has more letters, or as many and fewer stars.</summary>
    public RepositoryPattern? Narrowest(string repository) => UpTo(repository)
        .Where(p => Glob.Covers(p.Text, repository))
        .OrderByDescending(p => p.Letters).ThenBy(p => p.Text.Length).ThenBy(p => p.Text, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>A pattern of another collection that contests this one.</summary>
    public RepositoryPattern? Rival(RepositoryPattern claim) => UpTo(claim.Prefix)
        .Concat(_prefixes.GetViewBetween(claim.Prefix, claim.Prefix + char.MaxValue).Where(p => p.Length > claim.Prefix.Length).SelectMany(p => _byPrefix[p]))
        .FirstOrDefault(p => p.Collection != claim.Collection && p.Contests(claim));

    /// <summary>Patterns that begin with the text or a part of it, shortest first.</summary>
    private IEnumerable<RepositoryPattern> UpTo(string text) =>
        Enumerable.Range(0, text.Length + 1).SelectMany(length => _byPrefix.GetValueOrDefault(text[..length]) ?? []);
}
