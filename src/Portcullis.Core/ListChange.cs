namespace Portcullis.Core;

/// <summary>What a list no longer has and what it has now, compared with an earlier one.</summary>
/// <param name="Gone">In the order of the earlier list.</param>
/// <param name="Added">In the order of the later list. What was replaced is in both.</param>
public sealed record ListChange<T>(IReadOnlyList<T> Gone, IReadOnlyList<T> Added)
    where T : class
{
    public bool IsEmpty => Gone.Count == 0 && Added.Count == 0;
}

/// <summary>Compares lists by the very instances that they hold, whatever their order.</summary>
public static class ListChange
{
    public static ListChange<T> AllOf<T>(IEnumerable<T> list)
        where T : class => new([], [.. list]);

    /// <summary>Costs a comparison for each element; what both lists begin and end with costs nothing else.</summary>
    public static ListChange<T> Between<T>(IReadOnlyList<T> before, IReadOnlyList<T> after)
        where T : class
    {
        var shorter = Math.Min(before.Count, after.Count);
        var start = ReferenceEquals(before, after) ? shorter : 0;
        while (start < shorter && ReferenceEquals(before[start], after[start]))
        {
            start++;
        }

        var end = 0;
        while (end < shorter - start && ReferenceEquals(before[^(end + 1)], after[^(end + 1)]))
        {
            end++;
        }

        return Differing([.. before.Skip(start).Take(before.Count - start - end)], [.. after.Skip(start).Take(after.Count - start - end)]);
    }

    private static ListChange<T> Differing<T>(List<T> before, List<T> after)
        where T : class
    {
        var gone = new HashSet<T>(before, ReferenceEqualityComparer.Instance);
        var added = after.Where(a => !gone.Remove(a)).ToList();
        return new ListChange<T>([.. before.Where(gone.Contains)], added);
    }
}
