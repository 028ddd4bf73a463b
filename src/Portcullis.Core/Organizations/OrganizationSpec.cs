using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Portcullis.Core.Organizations;

/// <summary>The people of an organization. Everyone in a team is a member of the organization too.</summary>
public sealed record OrganizationSpec : ISuspendable
{
    [Description("Pauses new work and drift correction while true.")]
    public bool? Suspend { get; init; }

    [Description("The organization's users, by the name under which Kubernetes, the registry and the engine know them.")]
    [ListMap("name")]
    [Items(5000)]
    public IReadOnlyList<OrganizationUser>? Users { get; init; }

    [Description("The Secret in portcullis-system with the users' passwords for the gateway: a key for each user, or a key htpasswd with the lines of a file, bcrypt hashes both (htpasswd -nB USER). Without it they log in by an IdentityProvider or an access token.")]
    public SecretReference? PasswordsSecretRef { get; init; }

    [Description("Teams. Each member must be one of the users.")]
    [ListMap("name")]
    [Items(500)]
    public IReadOnlyList<Team>? Teams { get; init; }
}

/// <summary>One person, or one machine that acts like a person.</summary>
public sealed record OrganizationUser
{
    [Description("As authentication reports it, for example ann or ann@example.com. Must not begin with system: or portcullis:.")]
    [StringLength(253, MinimumLength = 1)]
    [Rule("!self.startsWith('system:') && !self.startsWith('portcullis:')", "names that begin with system: or portcullis: are reserved")]
    public required string Name { get; init; }

    [Description("The name shown to people.")]
    [StringLength(253)]
    public string? FullName { get; init; }

    [Description("Public keys: OpenSSH lines (ssh-ed25519 AAAA…) or PEM (PUBLIC KEY or CERTIFICATE). Never private keys.")]
    [Items(20)]
    public IReadOnlyList<string>? PublicKeys { get; init; }
}

/// <summary>Users who get access together. Named <c>organization/team</c> elsewhere.</summary>
public sealed record Team
{
    [StringLength(63, MinimumLength = 1)]
    [RegularExpression("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    [Description("The name of the team.")]
    public required string Name { get; init; }

    [Description("Names of users of this organization.")]
    [ListMap]
    [Items(5000)]
    public IReadOnlyList<string>? Members { get; init; }

    [Description("Members who may administer the team's repositories. They are members without being listed twice.")]
    [ListMap]
    [Items(100)]
    public IReadOnlyList<string>? Admins { get; init; }
}
