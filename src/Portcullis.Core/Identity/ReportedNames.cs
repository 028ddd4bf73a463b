using Portcullis.Core.Organizations;

namespace Portcullis.Core.Identity;

/// <summary>Names that an identity provider reports: none of them may be one that the platform gives.</summary>
public static class ReportedNames
{
    private const int MostGroups = 200;
    private const int LongestName = 253;

    /// <summary>Whether somebody may be known under this name.</summary>
    public static bool IsUser(string? name) => name is { Length: > 0 and <= LongestName } && OrganizationMembers.IsAllowed(name) && !name.Any(char.IsControl);

    /// <summary>Those groups that may count, once each and in order; of very many the first.</summary>
    public static IReadOnlyList<string> Groups(IEnumerable<string> names) =>
        [.. names.Where(IsUser).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(MostGroups)];
}
