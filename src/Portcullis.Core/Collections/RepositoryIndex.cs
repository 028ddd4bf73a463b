using System.Collections.Immutable;

namespace Portcullis.Core.Collections;

/// <summary>Finds claims on repositories by what they begin with. Immutable.</summary>
internal sealed record RepositoryIndex
{
    private ImmutableDictionary<string, ImmutableSortedSet<RepositoryClaim>> ByPrefix { get; init; } =
        ImmutableDictionary.Create<string, ImmutableSortedSet<RepositoryClaim>>(StringComparer.Ordinal);

    private ImmutableSortedSet<string> Prefixes { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>How many prefixes there are of each length: no name is cut at any other.</summary>
    private ImmutableSortedDictionary<int, int> Lengths { get; init; } = ImmutableSortedDictionary<int, int>.Empty;

    public RepositoryIndex With(IEnumerable<RepositoryClaim> gone, IEnumerable<RepositoryClaim> added)
    {
        var (byPrefix, prefixes, lengths) = (ByPrefix.ToBuilder(), Prefixes.ToBuilder(), Lengths.ToBuilder());
        foreach (var claim in gone)
        {
            byPrefix.RemoveFrom(claim.Prefix, claim);
            if (!byPrefix.ContainsKey(claim.Prefix) && prefixes.Remove(claim.Prefix))
            {
                Count(lengths, claim.Prefix.Length, -1);
            }
        }

        foreach (var claim in added)
        {
            byPrefix.AddTo(claim.Prefix, claim, RepositoryClaim.Oldest);
            if (prefixes.Add(claim.Prefix))
            {
                Count(lengths, claim.Prefix.Length, 1);
            }
        }

        return new RepositoryIndex { ByPrefix = byPrefix.ToImmutable(), Prefixes = prefixes.ToImmutable(), Lengths = lengths.ToImmutable() };
    }

    /// <summary>
    /// The narrowest pattern that covers the name. Those in force for different collections are nested or have no name in common. Of two that are nested,
    /// the inner one has more letters, or as many and fewer stars.
    /// </summary>
    public RepositoryClaim? Narrowest(string repository) => UpTo(repository)
        .Where(p => Glob.Covers(p.Text, repository))
        .OrderByDescending(p => p.Letters).ThenBy(p => p.Text.Length).ThenBy(p => p.Text, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>Those of other collections that contest a claim.</summary>
    public IEnumerable<RepositoryClaim> Rivals(RepositoryClaim claim) => UpTo(claim.Prefix).Concat(LongerThan(claim.Prefix)).Where(claim.Contests);

    /// <summary>Those that begin with the text or a part of it, shortest first.</summary>
    private IEnumerable<RepositoryClaim> UpTo(string text) =>
        Lengths.Keys.TakeWhile(length => length <= text.Length).SelectMany(length => At(text[..length]));

    private IEnumerable<RepositoryClaim> LongerThan(string prefix)
    {
        var found = Prefixes.IndexOf(prefix);
        for (var at = found < 0 ? ~found : found + 1; at < Prefixes.Count && Prefixes[at].StartsWith(prefix, StringComparison.Ordinal); at++)
        {
            foreach (var claim in At(Prefixes[at]))
            {
                yield return claim;
            }
        }
    }

    private ImmutableSortedSet<RepositoryClaim> At(string prefix) => ByPrefix.GetValueOrDefault(prefix) ?? ImmutableSortedSet<RepositoryClaim>.Empty;

    private static void Count(ImmutableSortedDictionary<int, int>.Builder lengths, int length, int by)
    {
        var count = lengths.GetValueOrDefault(length) + by;
        if (count == 0)
        {
            lengths.Remove(length);
        }
        else
        {
            lengths[length] = count;
        }
    }
}
