namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>Unites intervals: whoever says that a version is affected is believed.</summary>
internal static class VersionUnion
{
    /// <summary>The fewest intervals that have the same versions, in their order.</summary>
    public static IReadOnlyList<VersionInterval> Of(IEnumerable<VersionInterval> intervals)
    {
        var united = new List<VersionInterval>();
        foreach (var next in intervals.Where(i => !i.IsEmpty).OrderBy(i => i.Low is null ? 0 : 1).ThenBy(i => i.Low.GetValueOrDefault()))
        {
            if (united.Count > 0 && Touches(united[^1], next))
            {
                united[^1] = Joined(united[^1], next);
            }
            else
            {
                united.Add(next);
            }
        }

        return united;
    }

    /// <summary>Whether no version can be between the end of one and the beginning of the next.</summary>
    private static bool Touches(VersionInterval one, VersionInterval next) =>
        one.High is not { } end || next.Low is not { } begin || begin <= end;

    private static VersionInterval Joined(VersionInterval one, VersionInterval next)
    {
        var order = VersionInterval.CompareEnds(one, next);
        var last = order >= 0 ? one : next;
        var fix = order == 0 ? FirstOf(one.FixedIn, next.FixedIn) : last.FixedIn;
        return one with { High = last.High, IncludesHigh = last.IncludesHigh, FixedIn = fix };
    }

    /// <summary>Of two ways of writing one version always the same, whichever advisory is read first.</summary>
    private static string? FirstOf(string? one, string? other) =>
        one is null || (other is not null && string.CompareOrdinal(other, one) < 0) ? other : one;
}
