using System.Collections.Immutable;

namespace Portcullis.Core.Access;

/// <summary>The grants that name a collection, in order of their names. Immutable: a change shares the rest.</summary>
internal sealed class GrantsByCollection
{
    private static readonly Comparer<AccessGrant> ByKey = Comparer<AccessGrant>.Create((a, b) => a.Key.CompareTo(b.Key));

    private readonly ImmutableDictionary<string, ImmutableSortedSet<AccessGrant>> _byPath;

    private GrantsByCollection(ImmutableDictionary<string, ImmutableSortedSet<AccessGrant>> byPath) => _byPath = byPath;

    public static GrantsByCollection Nothing { get; } = new(ImmutableDictionary.Create<string, ImmutableSortedSet<AccessGrant>>(StringComparer.Ordinal));

    public IEnumerable<AccessGrant> On(string path) => _byPath.GetValueOrDefault(path) ?? ImmutableSortedSet<AccessGrant>.Empty;

    /// <summary>Those that are being deleted give nothing any more.</summary>
    public GrantsByCollection With(ListChange<AccessGrant> change)
    {
        if (change.IsEmpty)
        {
            return this;
        }

        var byPath = _byPath.ToBuilder();
        foreach (var grant in change.Gone.Where(g => !g.Metadata.IsBeingDeleted))
        {
            byPath.RemoveFrom(grant.Spec.Collection, grant);
        }

        foreach (var grant in change.Added.Where(g => !g.Metadata.IsBeingDeleted))
        {
            byPath.AddTo(grant.Spec.Collection, grant, ByKey);
        }

        return new GrantsByCollection(byPath.ToImmutable());
    }
}
