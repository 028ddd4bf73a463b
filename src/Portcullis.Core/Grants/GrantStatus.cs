namespace Portcullis.Core.Grants;

/// <summary>The effect of a grant at this moment.</summary>
public sealed record GrantStatus : DeclarableStatus
{
    public GrantEffect? Effective { get; init; }
}

/// <summary>Namespaces × role × subjects, as counted in the cluster, not as desired.</summary>
public sealed record GrantEffect
{
    /// <summary>Pending before startsAt, Active, Expired.</summary>
    public required string State { get; init; }

    public string? ClusterRole { get; init; }

    /// <summary>Namespaces whose bindings are in force.</summary>
    public int Namespaces { get; init; }

    /// <summary>The first twenty of them.</summary>
    [Items(20)]
    public IReadOnlyList<string>? FirstNamespaces { get; init; }

    /// <summary>RBAC subjects in each namespace.</summary>
    public int Subjects { get; init; }

    /// <summary>The first twenty of them.</summary>
    [Items(20)]
    public IReadOnlyList<string>? FirstSubjects { get; init; }

    /// <summary>When startsAt or expiresAt will next change this.</summary>
    public DateTimeOffset? NextChange { get; init; }
}
