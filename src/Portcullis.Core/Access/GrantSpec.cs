using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Portcullis.Core.Access;

/// <summary>Subject, role, collection, and for how long.</summary>
[Rule("!has(self.startsAt) || !has(self.expiresAt) || self.startsAt < self.expiresAt", "expiresAt must come after startsAt")]
public sealed record GrantSpec : ISuspendable
{
    [Description("Pauses new work and drift correction while true.")]
    public bool? Suspend { get; init; }

    [Description("Who gets the role.")]
    public required GrantSubject Subject { get; init; }

    [Description("None, ViewOnly, RestrictedControl, Scheduler, FullControl, or the name of an AccessRole.")]
    [StringLength(63, MinimumLength = 1)]
    [Rule("!self.startsWith('system:')", "role names that begin with system: are reserved")]
    public required string Role { get; init; }

    [Description("The path of the collection.")]
    [StringLength(640, MinimumLength = 2)]
    [RegularExpression("^(/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?){1,10}$")]
    public required string Collection { get; init; }

    [Description("Subtree: the collection and everything below (default). Exact: only the collection. Descendants: only what is below.")]
    public GrantReach? Reach { get; init; }

    [Description("What the subject may do in the collection's registry repositories. Used by the registry; it has no effect in Kubernetes.")]
    public RepositoryPermission? RepositoryPermission { get; init; }

    [Description("Users: a team or organization is expanded to its members (default). Groups: as the group portcullis:ORG or portcullis:ORG:TEAM.")]
    public SubjectExpansion? Expand { get; init; }

    [Description("In force from this time on.")]
    public DateTimeOffset? StartsAt { get; init; }

    [Description("No longer in force from this time on.")]
    public DateTimeOffset? ExpiresAt { get; init; }
}
