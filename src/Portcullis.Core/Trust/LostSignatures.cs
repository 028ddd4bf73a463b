namespace Portcullis.Core.Trust;

/// <summary>Tags whose signature stops to count when a plan is done: their role's key, or the role, is taken away, and the operator cannot sign in its place.</summary>
internal static class LostSignatures
{
    public static IReadOnlyList<string> Of(PublishedTrust? present, RolePlans after) =>
    [
        .. from role in (present?.Delegated ?? new Dictionary<string, PublishedRole>()).Values.OrderBy(r => r.Name, StringComparer.Ordinal)
           where IsLost(role, after)
           from tag in role.Tags.Order(StringComparer.Ordinal)
           select $"{role.Name}: {tag}",
    ];

    private static bool IsLost(PublishedRole role, RolePlans after)
    {
        if (after.KeysOf(role.Name) is not { } keys)
        {
            return true;
        }

        return !after.IsSigned(role.Name) && role.Signers.Count(s => keys.Keys.Any(k => k.CanonicalId == s)) < keys.Threshold;
    }
}
