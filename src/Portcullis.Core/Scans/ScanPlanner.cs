using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Scans;

/// <summary>Which images of a repository are scanned: those that its tags name, and those of the indexes among them.</summary>
public static class ScanPlanner
{
    /// <param name="spec">Of the repository.</param>
    /// <param name="entries">Its ledger.</param>
    /// <param name="scans">Its ImageScans.</param>
    /// <returns>In ordinal order of the digests.</returns>
    public static IReadOnlyList<ScanAction> Plan(RepositorySpec spec, IReadOnlyList<TagEntry> entries, IReadOnlyList<ImageScan> scans)
    {
        var wanted = spec.ScanOnPush == false ? [] : Wanted(entries, scans);
        var there = scans.Select(s => s.Spec.Digest).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. wanted.Where(d => !there.Contains(d)).Select(d => (ScanAction)new ScanAction.Ask(d))
                .Concat(scans.Where(s => !wanted.Contains(s.Spec.Digest) && !s.Metadata.IsBeingDeleted).Select(s => new ScanAction.Forget(s.Spec.Digest, s.Key)))
                .OrderBy(a => a.Digest, StringComparer.Ordinal).ThenBy(a => a is ScanAction.Forget),
        ];
    }

    /// <summary>An index may list indexes, so that what is found in one is looked up again, each digest once.</summary>
    private static HashSet<string> Wanted(IReadOnlyList<TagEntry> entries, IReadOnlyList<ImageScan> scans)
    {
        var children = scans.Where(s => s.Status?.Images is not null).DistinctBy(s => s.Spec.Digest, StringComparer.Ordinal).ToDictionary(s => s.Spec.Digest, s => s.Status!.Images!, StringComparer.Ordinal);
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(entries.Where(e => e.Digest is not null && !TagName.IsReferrersFallback(e.Tag)).Select(e => e.Digest!));
        while (open.TryPop(out var digest))
        {
            if (wanted.Add(digest))
            {
                foreach (var child in children.GetValueOrDefault(digest) ?? [])
                {
                    open.Push(child);
                }
            }
        }

        return wanted;
    }
}
