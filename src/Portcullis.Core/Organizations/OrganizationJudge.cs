namespace Portcullis.Core.Organizations;

/// <summary>An organization has no effect of its own: grants name it. This says what it amounts to.</summary>
public static class OrganizationJudge
{
    private const int Shown = 20;

    /// <summary>A Secret that changes is noticed at once; this is for the case that it was not.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(5);

    /// <param name="spec">What is declared.</param>
    /// <param name="passwordsProblem">Why nobody can log in by the Secret with the passwords; null when it can be used, or none is named.</param>
    public static Reconciled<OrganizationStatus> Judge(OrganizationSpec spec, string? passwordsProblem = null)
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
        IReadOnlyList<Problem> problems = [.. OrganizationMembers.Problems(spec), .. passwordsProblem is null ? [] : (Problem[])[new(OrganizationReasons.SecretUnusable, "spec.passwordsSecretRef", passwordsProblem)]];
        Outcome outcome = problems.Count > 0
            ? Outcome.Stalled.By(problems) with { CheckAgainIn = passwordsProblem is null ? null : LookAgain }
            : new Outcome.Ready($"{Pluralize.Of(members.Count, "member")} in {Pluralize.Of(teams, "team")}");
        return new Reconciled<OrganizationStatus>(outcome, status);
    }

    private static TeamStatus Describe(OrganizationSpec spec, Team team)
    {
        var members = OrganizationMembers.OfTeam(spec, team.Name)!;
        return new TeamStatus { Name = team.Name, Members = members.Count, EffectiveMembers = members.Count == 0 ? null : [.. members.Take(Shown)] };
    }
}
