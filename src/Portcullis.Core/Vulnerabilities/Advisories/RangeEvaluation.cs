using Portcullis.Core.Versions;

namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>
/// Turns a range into the intervals on which the evaluation of the OSV schema ("Evaluation", function IncludedInRanges) says vulnerable: the events are gone through
/// in the order of their versions. Of those of one version the schema does not say which is first: where one interval ends and another begins, in whichever order they are written, it
/// goes on; otherwise it is as the advisory has them. A range that cannot be read has none, and the caller takes all versions.
/// </summary>
internal static class RangeEvaluation
{
    /// <summary>Before any version (OSV schema, "introduced"). The last affected version is one all the same.</summary>
    private const string First = "0";

    /// <summary>Behind any version (OSV schema, "limit").</summary>
    private const string Unlimited = "*";

    /// <summary>Null when a version of the range is no version of its ecosystem, or when nothing is introduced.</summary>
    public static IReadOnlyList<VersionInterval>? Intervals(OsvRange range, IVersionOrder order)
    {
        if (!range.Events.Any(e => e.Kind == OsvEventKind.Introduced) || Keyed(range, order) is not { } events || !TryLimit(range, order, out var limit))
        {
            return null;
        }

        var intervals = new List<VersionInterval>();
        VersionInterval? open = null;
        foreach (var version in events.GroupBy(e => e.Key).OrderBy(g => g.Key is null ? 0 : 1).ThenBy(g => g.Key.GetValueOrDefault()))
        {
            open = Step(open, version.Key, [.. version.Select(e => e.Event)], intervals);
        }

        if (open is not null)
        {
            intervals.Add(open);
        }

        return limit is { } end ? [.. intervals.Select(i => Bounded(i, end))] : intervals;
    }

    /// <summary>Goes on from before a version to behind it. What is vulnerable then is the interval that is returned; null when nothing is.</summary>
    private static VersionInterval? Step(VersionInterval? open, VersionKey? key, List<OsvEvent> events, List<VersionInterval> closed)
    {
        if (open is not null && events.Exists(e => e.Kind == OsvEventKind.Introduced))
        {
            return open;
        }

        var at = open is not null;
        var behind = at;
        string? fix = null;
        foreach (var e in events)
        {
            // A version is not behind itself: what ends with the last affected one ends behind it.
            at = e.Kind == OsvEventKind.LastAffected ? at : e.Kind == OsvEventKind.Introduced;
            behind = e.Kind == OsvEventKind.Introduced;
            fix = e.Kind == OsvEventKind.Fixed ? e.Version : fix;
        }

        if (open is not null && !at)
        {
            closed.Add(open with { High = key, FixedIn = fix });
            open = null;
        }
        else if (at)
        {
            open ??= new VersionInterval { Low = key };
        }

        if (open is not null && !behind)
        {
            closed.Add(open with { High = key, IncludesHigh = true });
            open = null;
        }

        return open;
    }

    private static VersionInterval Bounded(VersionInterval interval, VersionKey limit)
    {
        var bound = interval with { High = limit, IncludesHigh = false, FixedIn = null };
        return VersionInterval.CompareEnds(interval, bound) <= 0 ? interval : bound;
    }

    private static List<(VersionKey? Key, OsvEvent Event)>? Keyed(OsvRange range, IVersionOrder order)
    {
        var events = new List<(VersionKey?, OsvEvent)>();
        foreach (var e in range.Events.Where(e => e.Kind != OsvEventKind.Limit))
        {
            if (e.Version == First && e.Kind != OsvEventKind.LastAffected)
            {
                events.Add((null, e));
            }
            else if (order.TryKey(e.Version, out var key))
            {
                events.Add((key, e));
            }
            else
            {
                return null;
            }
        }

        return events;
    }

    /// <summary>The furthest limit: a version counts when it is before any of them. Null when there is none.</summary>
    private static bool TryLimit(OsvRange range, IVersionOrder order, out VersionKey? limit)
    {
        limit = null;
        foreach (var e in range.Events.Where(e => e.Kind == OsvEventKind.Limit))
        {
            if (e.Version == Unlimited)
            {
                limit = null;
                return true;
            }

            if (!order.TryKey(e.Version, out var key))
            {
                return false;
            }

            limit = limit is { } furthest && furthest > key ? furthest : key;
        }

        return true;
    }
}
