using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Portcullis.Core.Access;

/// <summary>Who holds a grant.</summary>
[Rule("!(self.kind in ['Team', 'ServiceAccount']) || self.name.matches('^[^/]+/[^/]+$')", "a Team is named organization/team, a ServiceAccount namespace/name")]
[Rule("self.kind != 'User' || !(self.name.startsWith('system:') || self.name.startsWith('portcullis:'))", "user names that begin with system: or portcullis: are reserved")]
public sealed record GrantSubject
{
    [Description("What the name is of.")]
    public required SubjectKind Kind { get; init; }

    [Description("A user, organization/team, an organization, or namespace/name of a ServiceAccount.")]
    [StringLength(253, MinimumLength = 1)]
    public required string Name { get; init; }
}

/// <summary>What kind of name a subject's name is.</summary>
public enum SubjectKind
{
    /// <summary>A user as authentication reports it.</summary>
    User,

    /// <summary><c>organization/team</c>.</summary>
    Team,

    Organization,

    /// <summary><c>namespace/name</c>.</summary>
    ServiceAccount,
}
