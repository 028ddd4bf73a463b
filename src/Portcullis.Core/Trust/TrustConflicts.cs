namespace Portcullis.Core.Trust;

/// <summary>Whether two declarations can be in force for one repository. Their roles are united; what cannot be both ways must be equal.</summary>
internal static class TrustConflicts
{
    /// <summary>The first contradiction of <paramref name="one"/> to <paramref name="other"/>, with the field of the former; null when there is none.</summary>
    public static (string Field, string Message)? Between(TrustDelegation one, TrustDelegation other)
    {
        if (one.Spec.Snapshot != other.Spec.Snapshot)
        {
            return ("spec.snapshot", $"snapshot is {one.Spec.Snapshot}, and {other.Spec.Snapshot} in the TrustDelegation {other.Key}");
        }

        var others = (other.Spec.Roles ?? []).ToDictionary(r => r.Name, StringComparer.Ordinal);
        var roles = one.Spec.Roles ?? [];
        for (var i = 0; i < roles.Count; i++)
        {
            if (others.TryGetValue(roles[i].Name, out var same) && Difference(roles[i], same) is { } difference)
            {
                return (FormattableString.Invariant($"spec.roles[{i}]"), $"{roles[i].Name} has other {difference} in the TrustDelegation {other.Key}");
            }
        }

        return null;
    }

    private static string? Difference(TrustRole one, TrustRole other) =>
        (one.Threshold ?? 1) != (other.Threshold ?? 1) ? "threshold"
        : !PathsOf(one).ToHashSet(StringComparer.Ordinal).SetEquals(PathsOf(other)) ? "paths"
        : null;

    private static IReadOnlyList<string> PathsOf(TrustRole role) => role.Paths ?? [""];
}
