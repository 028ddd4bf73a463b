namespace Portcullis.Core.Organizations;

/// <summary>What an organization amounts to.</summary>
public sealed record OrganizationStatus : DeclarableStatus
{
    /// <summary>Everybody, once.</summary>
    public int? Members { get; init; }

    public int? TeamCount { get; init; }

    /// <summary>Valid public keys of all users.</summary>
    public int? PublicKeys { get; init; }

    /// <summary>Each team's size and first members, as subjects of grants see it.</summary>
    [Items(500)]
    public IReadOnlyList<TeamStatus>? Teams { get; init; }
}

/// <summary>One team as it is in force; <see cref="EffectiveMembers"/> stops after twenty names.</summary>
public sealed record TeamStatus
{
    public required string Name { get; init; }

    public required int Members { get; init; }

    [Items(20)]
    public IReadOnlyList<string>? EffectiveMembers { get; init; }
}
