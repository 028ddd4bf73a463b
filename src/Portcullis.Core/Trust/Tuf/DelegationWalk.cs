namespace Portcullis.Core.Trust.Tuf;

/// <summary>Goes through the delegations of a set, from the top. A role may name no more than those above it (Notary's DelegationRole.Restrict).</summary>
internal static class DelegationWalk
{
    /// <summary>Those whose metadata are not there yet, and that were not left out.</summary>
    public static IEnumerable<Delegation> Open(TrustedSet set) =>
        Parents(set).SelectMany(p => p.Content.Delegations).Where(d => !set.Delegations.ContainsKey(d.Name) && !set.LeftOut.ContainsKey(d.Name));

    /// <summary>A delegation by its name, with the paths that are really its own; null when nobody in the set delegates to it.</summary>
    public static Delegation? Find(TrustedSet set, string role)
    {
        if (!RoleNames.IsDelegation(role))
        {
            return null;
        }

        var parent = RoleNames.ParentOf(role);
        if (parent == RoleNames.Targets)
        {
            return set.Targets?.Content.Find(role);
        }

        return set.Delegations.TryGetValue(parent, out var above) && above.Signed.Content.Find(role) is { } found
            ? found with { Paths = [.. found.Paths.Where(above.Delegation.Covers)] }
            : null;
    }

    private static IEnumerable<SignedRole<TargetsRole>> Parents(TrustedSet set) => [set.Targets!, .. set.Delegations.Values.Select(d => d.Signed)];
}
