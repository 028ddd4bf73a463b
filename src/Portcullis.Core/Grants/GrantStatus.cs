using System.ComponentModel;

namespace Portcullis.Core.Grants;

/// <summary>The effect of a grant at this moment.</summary>
public sealed record GrantStatus : DeclarableStatus
{
    [Description("What the grant comes to.")]
    public GrantEffect? Effective { get; init; }
}

/// <summary>Namespaces × role × subjects, as counted in the cluster, not as desired.</summary>
public sealed record GrantEffect
{
    /// <summary>Pending before startsAt, Active, Expired.</summary>
    [Description("Active, Pending before startsAt, or Expired after expiresAt.")]
    public required string State { get; init; }

    [Description("The ClusterRole that is bound; empty when the role gives nothing in Kubernetes.")]
    public string? ClusterRole { get; init; }

    /// <summary>Namespaces whose bindings are in force.</summary>
    [Description("The number of namespaces reached.")]
    public int Namespaces { get; init; }

    /// <summary>The first twenty of them.</summary>
    [Items(20)]
    [Description("The namespaces reached; the first ones.")]
    public IReadOnlyList<string>? FirstNamespaces { get; init; }

    /// <summary>RBAC subjects in each namespace.</summary>
    [Description("The number of subjects.")]
    public int Subjects { get; init; }

    /// <summary>The first twenty of them.</summary>
    [Items(20)]
    [Description("The subjects, teams and organizations expanded; the first ones.")]
    public IReadOnlyList<string>? FirstSubjects { get; init; }

    /// <summary>Patterns of repositories that the collections in its reach name, on which it gives its repositoryPermission; none without one.</summary>
    [Description("The number of patterns of repositories reached.")]
    public int? RepositoryPatterns { get; init; }

    /// <summary>When startsAt or expiresAt will next change this.</summary>
    [Description("When the grant starts or ends next.")]
    public DateTimeOffset? NextChange { get; init; }
}
