namespace Portcullis.Core.Trust;

/// <summary>What cannot be both ways in the declarations of one repository, now that their keys are known.</summary>
internal static class TrustContradictions
{
    public static IEnumerable<Problem> Of(IReadOnlyList<ResolvedTrust> declarations) =>
        from pair in declarations.SelectMany((one, i) => declarations.Skip(i + 1).Select(other => (one, other)))
        let problem = Between(pair.one, pair.other)
        where problem is not null
        select problem;

    private static Problem? Between(ResolvedTrust one, ResolvedTrust other)
    {
        if (TrustConflicts.Between(other.Declaration, one.Declaration) is { } conflict)
        {
            return new Problem(TrustReasons.TrustConflict, conflict.Field, $"TrustDelegation {other.Declaration.Key}: {conflict.Message}");
        }

        var field = !Ids(one.RootKeys).SetEquals(Ids(other.RootKeys)) && one.RootKeys.Count > 0 && other.RootKeys.Count > 0 ? "spec.root.publicKeys"
            : one.TargetsKey is { } key && other.TargetsKey is { } another && key.CanonicalId != another.CanonicalId ? "spec.targets.keySecretRef"
            : one.SnapshotKey is { } mine && other.SnapshotKey is { } its && mine.CanonicalId != its.CanonicalId ? "spec.snapshotKeySecretRef"
            : null;
        return field is null ? null : new Problem(TrustReasons.TrustConflict, field, $"the TrustDelegations {one.Declaration.Key} and {other.Declaration.Key} name different keys");
    }

    private static HashSet<string> Ids(IEnumerable<Tuf.TufKey> keys) => keys.Select(k => k.CanonicalId).ToHashSet(StringComparer.Ordinal);
}
