using Portcullis.Core.Organizations;

namespace Portcullis.Core.Access;

/// <summary>Turns a grant's subject into RBAC subjects.</summary>
public static class GrantSubjects
{
    /// <summary>The group of an organization, or of one of its teams. No name may contain a colon, so none stands for two things.</summary>
    public static string GroupName(string organization, string? team = null) =>
        team is null ? WellKnown.GroupPrefix + organization : $"{WellKnown.GroupPrefix}{organization}:{team}";

    public static SubjectResolution Resolve(
        GrantSubject subject, SubjectExpansion expansion, Func<string, OrganizationSpec?> organizations)
    {
        var parts = subject.Name.Split('/');
        switch (subject.Kind)
        {
            case SubjectKind.User:
                return OrganizationMembers.IsAllowed(subject.Name)
                    ? new SubjectResolution([RbacSubject.User(subject.Name)], null)
                    : Refuse(AccessReasons.InvalidSubject, $"{subject.Name} is a name reserved for the platform");

            case SubjectKind.ServiceAccount:
                return parts is [var @namespace, var name] && ObjectNames.IsLabel(@namespace) && ObjectNames.IsSubdomain(name)
                    ? new SubjectResolution([RbacSubject.ServiceAccount(@namespace, name)], null)
                    : Refuse(AccessReasons.InvalidSubject, $"a ServiceAccount is named namespace/name in lower-case letters, digits, '-' and '.', not '{subject.Name}'");

            case SubjectKind.Team when parts is not [{ Length: > 0 }, { Length: > 0 }]:
                return Refuse(AccessReasons.InvalidSubject, $"a Team is named organization/team, not '{subject.Name}'");

            default:
                return Members(parts[0], subject.Kind == SubjectKind.Team ? parts[1] : null, expansion, organizations);
        }
    }

    private static SubjectResolution Members(
        string organization, string? team, SubjectExpansion expansion, Func<string, OrganizationSpec?> organizations)
    {
        if (organizations(organization) is not { } spec)
        {
            return Refuse(AccessReasons.UnknownOrganization, $"there is no organization {organization}");
        }

        var members = team is null ? OrganizationMembers.Of(spec) : OrganizationMembers.OfTeam(spec, team);
        if (members is null)
        {
            return Refuse(AccessReasons.UnknownTeam, $"the organization {organization} has no team {team}");
        }

        return expansion == SubjectExpansion.Groups
            ? new SubjectResolution([RbacSubject.Group(GroupName(organization, team))], null)
            : new SubjectResolution([.. members.Select(RbacSubject.User)], null);
    }

    private static SubjectResolution Refuse(string reason, string message) =>
        new([], new Problem(reason, "spec.subject.name", message));
}
