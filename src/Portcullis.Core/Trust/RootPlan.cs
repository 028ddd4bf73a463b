using Portcullis.Core.Trust.Tuf;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Trust;

/// <summary>Whether a repository needs another root, and whether it can be signed.</summary>
internal sealed record RootPlan
{
    /// <summary>How long a root lasts, as Notary's own.</summary>
    private const int Years = 10;

    /// <summary>Null when the present one is right.</summary>
    public RootChange? Change { get; private init; }

    /// <summary>Ids of the keys whose signatures are missing; empty when it can be published.</summary>
    public IReadOnlyList<string> Missing { get; private init; } = [];

    /// <summary>What changes, for people.</summary>
    public IReadOnlyList<string> Changes { get; private init; } = [];

    /// <summary>Whether it says nothing new and only lasts longer.</summary>
    public bool IsRenewal { get; private init; }

    public bool CanBePublished => Change is not null && Missing.Count == 0;

    /// <param name="observed">What was read.</param>
    /// <param name="present">The root in force; null when there is none.</param>
    /// <param name="now">By which its age is judged.</param>
    public static RootPlan Of(TrustObservation observed, PublishedRoot? present, DateTimeOffset now)
    {
        var declared = observed.Declared;
        var wanted = new RootChange((present?.Version ?? 0) + 1, Midnight(now).AddYears(Years))
        {
            RootKeys = observed.RootCertificates.Count == declared.RootKeys.Count ? observed.RootCertificates : present?.RootKeys ?? [],
            TargetsKeys = declared.TargetsKey is { } targets ? Kept(present?.TargetsKeys, [targets]) : present?.TargetsKeys ?? [],
            SnapshotKeys = (declared.SnapshotKey ?? observed.ServerKeys?.Snapshot) is { } snapshot ? Kept(present?.SnapshotKeys, [snapshot]) : present?.SnapshotKeys ?? [],
            TimestampKeys = observed.ServerKeys?.Timestamp is { } timestamp ? Kept(present?.TimestampKeys, [timestamp]) : present?.TimestampKeys ?? [],
            SignWith = [],
        };
        List<string> changes = present is null ? ["make root"] : [.. Differences(present, wanted, declared)];
        if (present is not null && present.Version < observed.Remembered.Root)
        {
            changes.Add(FormattableString.Invariant($"raise root to version {wanted.Version}, on the way to {observed.Remembered.Root}, which clients have seen"));
        }

        var isRenewal = present is not null && changes.Count == 0 && present.Expires - now < declared.WarnBefore;
        return changes.Count == 0 && !isRenewal ? new RootPlan() : Signed(observed, present, wanted) with
        {
            Changes = isRenewal ? [$"sign root anew, until {KubernetesJson.Time(wanted.Expires)}"] : changes,
            IsRenewal = isRenewal,
        };
    }

    private static RootPlan Signed(TrustObservation observed, PublishedRoot? present, RootChange wanted)
    {
        var signers = (present?.RootKeys ?? []).Concat(wanted.RootKeys).DistinctBy(k => k.Id).Where(k => observed.Declared.Held.Contains(k.CanonicalId)).OrderBy(k => k.Id, StringComparer.Ordinal).ToList();
        var held = signers.Select(k => k.Id).ToHashSet(StringComparer.Ordinal);
        if (Lacking(present, wanted, held).Count > 0 && observed.PendingBefore is { } before && before.Root.IsAs(wanted))
        {
            // The very bytes that somebody may have signed by now.
            wanted = before.Root;
            held.UnionWith(observed.SignedOffline);
        }

        return new RootPlan { Change = wanted with { SignWith = signers }, Missing = Lacking(present, wanted, held) };
    }

    /// <summary>
    /// Enough keys of the root in force must sign, and every key that the next one adds: who pins that one alone, as at the end of a rotation, would else trust
    /// nothing until there is another root.
    /// </summary>
    private static List<string> Lacking(PublishedRoot? present, RootChange wanted, HashSet<string> signed)
    {
        var listed = (present?.RootKeys ?? []).Select(k => k.CanonicalId).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. (present is null ? [] : Lacking(present.RootKeys, present.RootThreshold, signed))
                .Concat(Lacking(wanted.RootKeys, 1, signed))
                .Concat(wanted.RootKeys.Where(k => !listed.Contains(k.CanonicalId) && !signed.Contains(k.Id)).Select(k => k.Id))
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<string> Lacking(IReadOnlyList<TufKey> keys, int threshold, HashSet<string> signed) =>
        keys.Count(k => signed.Contains(k.Id)) >= threshold ? [] : keys.Select(k => k.Id).Where(id => !signed.Contains(id));

    /// <summary>A key that is listed already stays listed as it is.</summary>
    private static IReadOnlyList<TufKey> Kept(IReadOnlyList<TufKey>? present, IReadOnlyList<TufKey> wanted) =>
        [.. wanted.Select(w => present?.FirstOrDefault(p => p.CanonicalId == w.CanonicalId) ?? w)];

    private static IEnumerable<string> Differences(PublishedRoot present, RootChange wanted, DeclaredTrust declared)
    {
        foreach (var (role, before, after) in new[] { ("root", present.RootKeys, wanted.RootKeys), ("targets", present.TargetsKeys, wanted.TargetsKeys), ("snapshot", present.SnapshotKeys, wanted.SnapshotKeys), ("timestamp", present.TimestampKeys, wanted.TimestampKeys) })
        {
            if (!before.Select(k => k.CanonicalId).ToHashSet(StringComparer.Ordinal).SetEquals(after.Select(k => k.CanonicalId)))
            {
                var byServer = role == "timestamp" || (role == "snapshot" && declared.SnapshotKey is null);
                yield return $"let {(byServer ? "the server sign " : "")}{role}{(byServer ? "" : " be signed")} with {TrustWords.Of(after)} instead of {TrustWords.Of(before)}";
            }
        }
    }

    /// <summary>A root that is planned again on the same day is the same, byte for byte.</summary>
    private static DateTimeOffset Midnight(DateTimeOffset now) => new(now.UtcDateTime.Date, TimeSpan.Zero);
}
