using System.Collections.Immutable;

namespace Portcullis.Core;

/// <summary>Sets by name; a name without members is not there.</summary>
internal static class SharedSets
{
    public static void AddTo<T>(this ImmutableDictionary<string, ImmutableSortedSet<T>>.Builder sets, string name, T member, IComparer<T> order) =>
        sets[name] = (sets.GetValueOrDefault(name) ?? ImmutableSortedSet.Create(order)).Add(member);

    public static void RemoveFrom<T>(this ImmutableDictionary<string, ImmutableSortedSet<T>>.Builder sets, string name, T member)
    {
        if (sets.TryGetValue(name, out var set) && set.Remove(member) is var rest && !ReferenceEquals(rest, set))
        {
            Set(sets, name, rest);
        }
    }

    private static void Set<T>(ImmutableDictionary<string, ImmutableSortedSet<T>>.Builder sets, string name, ImmutableSortedSet<T> members)
    {
        if (members.IsEmpty)
        {
            sets.Remove(name);
        }
        else
        {
            sets[name] = members;
        }
    }
}
