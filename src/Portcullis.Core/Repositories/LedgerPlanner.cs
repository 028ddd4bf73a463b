namespace Portcullis.Core.Repositories;

/// <summary>
/// What to do so that the ledger of a repository says what its registry has. The registry is right about what a tag names, the ledger about
/// everything else.
/// </summary>
public static class LedgerPlanner
{
    /// <summary>A write takes less, unless its writer ended. To finish one that is still under way does no harm; it only costs requests.</summary>
    public static readonly TimeSpan WriteTakes = TimeSpan.FromSeconds(20);

    /// <summary>In ordinal order of the tags.</summary>
    public static IReadOnlyList<LedgerAction> Plan(LedgerObservation seen)
    {
        var actions = new List<LedgerAction>();
        actions.AddRange(seen.Entries.Where(e => e.Claim is { } claim && seen.Now - claim.At >= WriteTakes).Select(e => new LedgerAction.Finish(e.Tag, e.Claim!)));
        if (seen.Tags is { } tags)
        {
            var known = seen.Entries.ToDictionary(e => e.Tag, StringComparer.Ordinal);
            actions.AddRange(tags
                .Where(t => t.Value is not null && (!known.TryGetValue(t.Key, out var entry) || (entry.Claim is null && entry.Digest != t.Value.Digest)))
                .Select(t => new LedgerAction.Enter(t.Key, known.GetValueOrDefault(t.Key), t.Value!)));
            actions.AddRange(seen.Entries
                .Where(e => e is { Claim: null, Digest: not null } && tags.TryGetValue(e.Tag, out var found) && found is null)
                .Select(e => new LedgerAction.Rewrite(e.Tag, e.Digest!)));
            actions.AddRange(seen.Entries.Where(e => e.Claim is null && !tags.ContainsKey(e.Tag)).Select(e => new LedgerAction.Forget(e.Tag, e)));
        }

        return [.. actions.OrderBy(a => a.Tag, StringComparer.Ordinal)];
    }

    /// <summary>When a write that is under way is taken for unfinished; null without one.</summary>
    public static TimeSpan? NextLook(LedgerObservation seen) =>
        seen.Entries.Where(e => e.Claim is not null).Select(e => (TimeSpan?)(e.Claim!.At + WriteTakes - seen.Now)).Min() is { } next
            ? next > TimeSpan.FromSeconds(1) ? next : TimeSpan.FromSeconds(1)
            : null;
}
