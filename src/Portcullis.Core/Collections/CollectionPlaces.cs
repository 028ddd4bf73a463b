using System.Collections.Immutable;

namespace Portcullis.Core.Collections;

/// <summary>
/// Which collection stands at which path, and which stand outside, whatever their members. Immutable: a change makes another one that shares what
/// stayed as it was.
/// </summary>
internal sealed class CollectionPlaces
{
    /// <summary>Stands for what is above the collections that nothing is above.</summary>
    public const string Top = "";

    public static CollectionPlaces Nothing { get; } = new()
    {
        Claimants = ImmutableDictionary.Create<string, ImmutableSortedSet<Collection>>(StringComparer.Ordinal),
        Holders = ImmutableDictionary.Create<string, Collection>(StringComparer.Ordinal),
        Paths = ImmutableSortedSet.Create<string>(StringComparer.Ordinal),
        Children = ImmutableDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal),
        ByName = ImmutableDictionary.Create<string, Collection>(StringComparer.Ordinal),
        Outside = ImmutableDictionary.Create<string, CollectionProblem>(StringComparer.Ordinal),
    };

    /// <summary>All that name a path, oldest first.</summary>
    public required ImmutableDictionary<string, ImmutableSortedSet<Collection>> Claimants { get; init; }

    /// <summary>The one that has the path.</summary>
    public required ImmutableDictionary<string, Collection> Holders { get; init; }

    /// <summary>The paths that some collection has, so that those below one are found side by side.</summary>
    public required ImmutableSortedSet<string> Paths { get; init; }

    /// <summary>The paths whose nearest collection above is this one's.</summary>
    public required ImmutableDictionary<string, ImmutableSortedSet<string>> Children { get; init; }

    /// <summary>Those that have a path.</summary>
    public required ImmutableDictionary<string, Collection> ByName { get; init; }

    /// <summary>Why the others have none, by name.</summary>
    public required ImmutableDictionary<string, CollectionProblem> Outside { get; init; }

    /// <summary>With a change, and which collections it took a place from or gave one.</summary>
    public (CollectionPlaces Places, ListChange<Collection> Placed) With(ListChange<Collection> change) =>
        change.IsEmpty ? (this, change) : new CollectionPlacing(this).Apply(change);

    /// <summary>The paths below one, in order.</summary>
    public IEnumerable<string> Below(string path) => CollectionPath.Below(Paths, path);

    public ImmutableSortedSet<string> ChildrenOf(string path) => Children.GetValueOrDefault(path) ?? ImmutableSortedSet<string>.Empty;

    /// <summary>The nearest collection above a path; null for none.</summary>
    public Collection? Above(string path) =>
        CollectionPath.SelfAndAncestors(path).Skip(1).Select(p => Holders.GetValueOrDefault(p)).FirstOrDefault(c => c is not null);
}
