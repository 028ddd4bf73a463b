using Portcullis.Core;
using Portcullis.Core.Organizations;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Organizations;

/// <summary>An organization has no effect of its own: grants name it. What it amounts to is told here.</summary>
internal sealed class OrganizationReconciler : IReconciler<Organization, OrganizationStatus>
{
    private const int Shown = 20;

    public Task<Reconciled<OrganizationStatus>> ReconcileAsync(Organization resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        var spec = resource.Spec;
        var members = OrganizationMembers.Of(spec);
        var status = new OrganizationStatus
        {
            Members = members.Count,
            TeamCount = spec.Teams?.Count ?? 0,
            PublicKeys = (spec.Users ?? []).SelectMany(u => u.PublicKeys ?? []).Count(k => PublicKeyText.Problem(k) is null),
            Teams = spec.Teams is null ? null : [.. spec.Teams.Select(t => Describe(spec, t))],
        };
        var problems = OrganizationMembers.Problems(spec);
        Outcome outcome = problems.Count > 0
            ? new Outcome.Stalled("InvalidOrganization", string.Join("; ", problems.Take(5).Select(p => $"{p.Field}: {p.Message}")))
            : new Outcome.Ready($"{Counted.Of(members.Count, "member")} in {Counted.Of(spec.Teams?.Count ?? 0, "team")}");
        return Task.FromResult(new Reconciled<OrganizationStatus>(outcome, status));
    }

    private static TeamStatus Describe(OrganizationSpec spec, Team team)
    {
        var members = OrganizationMembers.OfTeam(spec, team.Name) ?? [];
        return new TeamStatus { Name = team.Name, Members = members.Count, EffectiveMembers = members.Count == 0 ? null : [.. members.Take(Shown)] };
    }
}
