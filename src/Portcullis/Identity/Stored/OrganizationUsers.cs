using Portcullis.Core.Access;
using Portcullis.Core.Organizations;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Identity.Stored;

/// <summary>Who is in which Organizations and teams. Worked out anew only when an Organization changes.</summary>
internal sealed class OrganizationUsers(IStore<Organization> organizations)
{
    private readonly Lock _gate = new();
    private IReadOnlyList<Organization>? _from;
    private Dictionary<string, Membership> _members = [];

    /// <summary>The Organizations that list somebody as a user, in order of their names.</summary>
    public IReadOnlyList<Organization> Of(string user) => Current().TryGetValue(user, out var found) ? found.Organizations : [];

    /// <summary>The groups that stand for his Organizations and teams.</summary>
    public IReadOnlyList<string> GroupsOf(string user) => Current().TryGetValue(user, out var found) ? found.Groups : [];

    private Dictionary<string, Membership> Current()
    {
        // A store hands out one list until something changes.
        var list = organizations.List();
        lock (_gate)
        {
            if (!ReferenceEquals(list, _from))
            {
                (_from, _members) = (list, Index(list));
            }

            return _members;
        }
    }

    private static Dictionary<string, Membership> Index(IReadOnlyList<Organization> organizations)
    {
        var members = new Dictionary<string, Membership>(StringComparer.Ordinal);
        foreach (var organization in organizations.Where(o => !o.Metadata.IsBeingDeleted).OrderBy(o => o.Key))
        {
            foreach (var user in OrganizationMembers.Of(organization.Spec))
            {
                var member = Of(members, user);
                member.Organizations.Add(organization);
                member.Groups.Add(GrantSubjects.GroupName(organization.Key.Name));
            }

            foreach (var (team, user) in (organization.Spec.Teams ?? []).SelectMany(t => OrganizationMembers.OfTeam(organization.Spec, t.Name) ?? [], (t, u) => (t.Name, u)))
            {
                Of(members, user).Groups.Add(GrantSubjects.GroupName(organization.Key.Name, team));
            }
        }

        return members;
    }

    private static Membership Of(Dictionary<string, Membership> members, string user)
    {
        if (!members.TryGetValue(user, out var member))
        {
            members[user] = member = new Membership([], []);
        }

        return member;
    }

    private sealed record Membership(List<Organization> Organizations, List<string> Groups);
}
