using Portcullis.Core.Organizations;

namespace Portcullis.Core.Grants;

/// <summary>Turns a grant's subject into RBAC subjects.</summary>
public static class GrantSubjects
{
    /// <summary>The group of an organization, or of one of its teams. No name may contain a colon, so none stands for two things.</summary>
    public static string GroupName(string organization, string? team = null) =>
        team is null ? WellKnown.GroupPrefix + organization : $"{WellKnown.GroupPrefix}{organization}:{team}";

    public static (IReadOnlyList<RbacSubject> Subjects, Problem? Problem) Resolve(
        GrantSubject subject, SubjectExpansion expansion, Func<string, OrganizationSpec?> organizations)
    {
        var parts = subject.Name.Split('/');
        switch (subject.Kind)
        {
            case SubjectKind.User:
                return OrganizationMembers.IsAllowed(subject.Name)
                    ? ([RbacSubject.User(subject.Name)], null)
                    : Refuse(GrantReasons.InvalidSubject, $"{subject.Name} is one of the platform's own names");

            case SubjectKind.ServiceAccount:
                return parts is [{ Length: > 0 } @namespace, { Length: > 0 } name]
                    ? ([RbacSubject.ServiceAccount(@namespace, name)], null)
                    : Refuse(GrantReasons.InvalidSubject, $"a ServiceAccount is named namespace/name, not '{subject.Name}'");

            case SubjectKind.Team when parts is not [{ Length: > 0 }, { Length: > 0 }]:
                return Refuse(GrantReasons.InvalidSubject, $"a Team is named organization/team, not '{subject.Name}'");

            default:
                return Members(parts[0], subject.Kind == SubjectKind.Team ? parts[1] : null, expansion, organizations);
        }
    }

    private static (IReadOnlyList<RbacSubject> Subjects, Problem? Problem) Members(
        string organization, string? team, SubjectExpansion expansion, Func<string, OrganizationSpec?> organizations)
    {
        if (organizations(organization) is not { } spec)
        {
            return Refuse(GrantReasons.UnknownOrganization, $"there is no organization {organization}");
        }

        var members = team is null ? OrganizationMembers.Of(spec) : OrganizationMembers.OfTeam(spec, team);
        if (members is null)
        {
            return Refuse(GrantReasons.UnknownTeam, $"the organization {organization} has no team {team}");
        }

        return expansion == SubjectExpansion.Groups
            ? ([RbacSubject.Group(GroupName(organization, team))], null)
            : ([.. members.Select(RbacSubject.User)], null);
    }

    private static (IReadOnlyList<RbacSubject> Subjects, Problem? Problem) Refuse(string reason, string message) =>
        ([], new Problem(reason, "spec.subject.name", message));
}
