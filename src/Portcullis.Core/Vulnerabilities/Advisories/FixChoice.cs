namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>Chooses, of the versions that advisories about one vulnerability call free of it, the one to go to.</summary>
internal static class FixChoice
{
    /// <summary>The lowest that none of the advisories calls affected; where they contradict each other, the lowest of all. Null when none is named.</summary>
    public static string? Of(IReadOnlyList<AdvisoryMatch> matches)
    {
        AdvisoryMatch? lowest = null, free = null;
        foreach (var match in matches.Where(m => m.FixedIn is not null))
        {
            lowest = Lower(lowest, match);
            if (matches.All(m => !VersionSet.Contains(m.Versions.Span, match.FixKey.Span)))
            {
                free = Lower(free, match);
            }
        }

        return (free ?? lowest)?.FixedIn;
    }

    private static AdvisoryMatch Lower(AdvisoryMatch? one, AdvisoryMatch other)
    {
        if (one is not { } present)
        {
            return other;
        }

        var order = present.FixKey.Span.SequenceCompareTo(other.FixKey.Span);
        return order < 0 || (order == 0 && string.CompareOrdinal(present.FixedIn, other.FixedIn) <= 0) ? present : other;
    }
}
