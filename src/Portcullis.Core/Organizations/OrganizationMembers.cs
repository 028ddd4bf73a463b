namespace Portcullis.Core.Organizations;

/// <summary>Who is in an organization and in its teams, once each and in order.</summary>
public static class OrganizationMembers
{
    public static IReadOnlyList<string> Of(OrganizationSpec spec) =>
    [
        .. (spec.Users ?? []).Select(u => u.Name)
            .Concat((spec.Teams ?? []).SelectMany(Names))
            .Where(IsAllowed)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Null when there is no such team.</summary>
    public static IReadOnlyList<string>? OfTeam(OrganizationSpec spec, string team) =>
        (spec.Teams ?? []).FirstOrDefault(t => t.Name == team) is { } found
            ? [.. Names(found).Where(IsAllowed).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
            : null;

    /// <summary>Names of the platform's own identities are nobody's to give.</summary>
    public static bool IsAllowed(string user) =>
        user.Length > 0
        && !user.StartsWith("system:", StringComparison.Ordinal)
        && !user.StartsWith(WellKnown.GroupPrefix, StringComparison.Ordinal);

    /// <summary>What no schema can see: keys that are none, team members who are not users.</summary>
    public static IReadOnlyList<Problem> Problems(OrganizationSpec spec)
    {
        var problems = new List<Problem>();
        var users = spec.Users ?? [];
        for (var i = 0; i < users.Count; i++)
        {
            var keys = users[i].PublicKeys ?? [];
            for (var k = 0; k < keys.Count; k++)
            {
                if (PublicKeyText.Problem(keys[k]) is { } problem)
                {
                    problems.Add(new Problem(OrganizationReasons.InvalidOrganization, $"spec.users[{i}].publicKeys[{k}]", $"{users[i].Name}: {problem}"));
                }
            }
        }

        var known = users.Select(u => u.Name).ToHashSet(StringComparer.Ordinal);
        var teams = spec.Teams ?? [];
        for (var t = 0; t < teams.Count; t++)
        {
            Unknown(teams[t], teams[t].Members, $"spec.teams[{t}].members", known, problems);
            Unknown(teams[t], teams[t].Admins, $"spec.teams[{t}].admins", known, problems);
        }

        return problems;
    }

    private static void Unknown(Team team, IReadOnlyList<string>? names, string field, HashSet<string> known, List<Problem> problems)
    {
        for (var i = 0; i < (names?.Count ?? 0); i++)
        {
            if (!known.Contains(names![i]))
            {
                problems.Add(new Problem(OrganizationReasons.InvalidOrganization, $"{field}[{i}]", $"{names[i]} is in the team {team.Name} but not among the organization's users"));
            }
        }
    }

    private static IEnumerable<string> Names(Team team) => (team.Members ?? []).Concat(team.Admins ?? []);
}
