using System.Collections.Frozen;
using Portcullis.Core.Organizations;

namespace Portcullis.Core.Signing;

/// <summary>The teams of all Organizations with the keys of their members. Immutable.</summary>
public sealed class TeamKeys
{
    private readonly FrozenDictionary<string, SigningTeam> _teams;

    private TeamKeys(IEnumerable<SigningTeam> teams) => _teams = teams.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);

    /// <summary>Without any team.</summary>
    public static TeamKeys Nothing { get; } = new([]);

    /// <param name="organizations">What is declared.</param>
    /// <param name="keyId">The canonical id of a public key as an Organization has it; null when it is none that can sign.</param>
    public static TeamKeys Of(IEnumerable<Organization> organizations, Func<string, string?> keyId) =>
        new(organizations.Where(o => !o.Metadata.IsBeingDeleted).SelectMany(o => TeamsOf(o, keyId)));

    /// <summary>Null when no Organization declares it.</summary>
    public SigningTeam? Find(string team) => _teams.GetValueOrDefault(team);

    /// <summary>The teams of which at least one member holds one of the keys, in the order of their names.</summary>
    public IReadOnlyList<string> TeamsOf(IReadOnlySet<string> keys) =>
        [.. _teams.Values.Where(t => t.MemberKeys.Any(m => m.Value.Any(keys.Contains))).Select(t => t.Name).Order(StringComparer.Ordinal)];

    private static IEnumerable<SigningTeam> TeamsOf(Organization organization, Func<string, string?> keyId)
    {
        var keys = (organization.Spec.Users ?? []).DistinctBy(u => u.Name, StringComparer.Ordinal).ToDictionary(
            u => u.Name,
            u => (IReadOnlyList<string>)[.. (u.PublicKeys ?? []).Select(keyId).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            StringComparer.Ordinal);
        return (organization.Spec.Teams ?? []).DistinctBy(t => t.Name, StringComparer.Ordinal).Select(t => new SigningTeam(
            $"{organization.Key.Name}/{t.Name}",
            OrganizationMembers.OfTeam(organization.Spec, t.Name)!.ToDictionary(m => m, m => keys.GetValueOrDefault(m) ?? [], StringComparer.Ordinal)));
    }
}
