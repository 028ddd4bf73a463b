namespace Portcullis.Core.Organizations;

/// <summary>An organization has no effect of its own: grants name it. This says what it amounts to.</summary>
public static class OrganizationJudge
{
    private const int Shown = 20;

    public static Reconciled<OrganizationStatus> Judge(OrganizationSpec spec)
    {
        var members = OrganizationMembers.Of(spec);
        var teams = spec.Teams?.Count ?? 0;
        var status = new OrganizationStatus
        {
            Members = members.Count,
            TeamCount = teams,
            PublicKeys = (spec.Users ?? []).SelectMany(u => u.PublicKeys ?? []).Count(k => PublicKeyText.Problem(k) is null),
            Teams = spec.Teams is null ? null : [.. spec.Teams.Select(t => Describe(spec, t))],
        };
        var problems = OrganizationMembers.Problems(spec);
        Outcome outcome = problems.Count > 0
            ? Outcome.Stalled.By(problems)
            : new Outcome.Ready($"{Pluralize.Of(members.Count, "member")} in {Pluralize.Of(teams, "team")}");
        return new Reconciled<OrganizationStatus>(outcome, status);
    }

    private static TeamStatus Describe(OrganizationSpec spec, Team team)
    {
        var members = OrganizationMembers.OfTeam(spec, team.Name)!;
        return new TeamStatus { Name = team.Name, Members = members.Count, EffectiveMembers = members.Count == 0 ? null : [.. members.Take(Shown)] };
    }
}
