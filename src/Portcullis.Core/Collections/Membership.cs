using System.Collections.Immutable;

namespace Portcullis.Core.Collections;

/// <summary>
/// Whose each namespace, or each node, is. Immutable: a change decides anew only what it concerns, and the result shares the rest.
/// </summary>
internal sealed class Membership<TFact>
    where TFact : class, IMember
{
    public static Membership<TFact> Nothing { get; } = new()
    {
        Facts = ImmutableDictionary.Create<string, TFact>(StringComparer.Ordinal),
        Named = ImmutableDictionary.Create<string, ImmutableSortedSet<MemberClaim>>(StringComparer.Ordinal),
        Selecting = ImmutableSortedSet.Create<Collection>(CollectionAge.Oldest),
        Verdicts = ImmutableDictionary.Create<string, MemberVerdict>(StringComparer.Ordinal),
        Concerned = ImmutableDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal),
    };

    /// <summary>What exists.</summary>
    public required ImmutableDictionary<string, TFact> Facts { get; init; }

    /// <summary>Who claims a name.</summary>
    public required ImmutableDictionary<string, ImmutableSortedSet<MemberClaim>> Named { get; init; }

    /// <summary>The collections that have a selector.</summary>
    public required ImmutableSortedSet<Collection> Selecting { get; init; }

    public required ImmutableDictionary<string, MemberVerdict> Verdicts { get; init; }

    /// <summary>The names whose verdicts say something about a collection.</summary>
    public required ImmutableDictionary<string, ImmutableSortedSet<string>> Concerned { get; init; }

    /// <summary>The collection that has it or is about to make it; null for none.</summary>
    public string? OwnerOf(string name) => Verdicts.GetValueOrDefault(name) is { Standing: not MemberStanding.None } verdict ? verdict.Owner : null;

    /// <summary>What a collection has of some standing, in order.</summary>
    public IReadOnlyList<string> Of(string collection, MemberStanding standing) =>
        [.. NamesFor(collection).Where(n => Verdicts[n] is var verdict && verdict.Standing == standing && verdict.Owner == collection)];

    /// <summary>Whether a collection's source may not claim a name that counts as the collection's.</summary>
    public bool IsBeyondScope(string collection, string name) => Verdicts.GetValueOrDefault(name) is { IsBeyondScope: true } verdict && verdict.Owner == collection;

    /// <summary>What is wrong with a collection, in order of the names because of which.</summary>
    public IEnumerable<CollectionProblem> Problems(string collection) =>
        NamesFor(collection).SelectMany(n => Verdicts[n].Problems).Where(p => p.Collection == collection).Select(p => p.Problem);

    public Membership<TFact> With(ListChange<Collection> collections, ListChange<TFact> facts, IMembershipRule<TFact> rule) =>
        collections.IsEmpty && facts.IsEmpty ? this : new MembershipChange<TFact>(this, rule).Apply(collections, facts);

    private ImmutableSortedSet<string> NamesFor(string collection) => Concerned.GetValueOrDefault(collection) ?? ImmutableSortedSet<string>.Empty;
}
