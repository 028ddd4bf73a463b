using System.ComponentModel;

namespace Portcullis.Core.Organizations;

/// <summary>What an organization amounts to.</summary>
public sealed record OrganizationStatus : DeclarableStatus
{
    /// <summary>Everybody, once.</summary>
    [Description("The number of users.")]
    public int? Members { get; init; }

    [Description("The number of teams.")]
    public int? TeamCount { get; init; }

    /// <summary>Valid public keys of all users.</summary>
    [Description("The number of users' public keys.")]
    public int? PublicKeys { get; init; }

    /// <summary>Each team's size and first members, as subjects of grants see it.</summary>
    [Items(500)]
    [Description("The teams; the first ones.")]
    public IReadOnlyList<TeamStatus>? Teams { get; init; }
}

/// <summary>One team as it is in force; <see cref="EffectiveMembers"/> stops after twenty names.</summary>
public sealed record TeamStatus
{
    [Description("The team.")]
    public required string Name { get; init; }

    [Description("The number of its members.")]
    public required int Members { get; init; }

    [Items(20)]
    [Description("Its members; the first ones.")]
    public IReadOnlyList<string>? EffectiveMembers { get; init; }
}
