using Portcullis.Core.Roles;

namespace Portcullis.Core.Access;

/// <summary>One grant worked out against everything it names. With a <see cref="Problem"/> it gives nothing.</summary>
public sealed record GrantResolution
{
    public required AccessGrant Grant { get; init; }

    public Problem? Problem { get; init; }

    public required GrantState State { get; init; }

    /// <summary>When startsAt or expiresAt changes the state next.</summary>
    public DateTimeOffset? NextChange { get; init; }

    public ResolvedRole? Role { get; init; }

    public IReadOnlyList<RbacSubject> Subjects { get; init; } = [];

    /// <summary>Namespaces reached, in order; also while pending.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>How many more namespaces its collections are about to make.</summary>
    public int NamespacesToCome { get; init; }

    /// <summary>How many patterns of repositories (<c>acme/*</c>) its collections name.</summary>
    public int RepositoryPatterns { get; init; }

    /// <summary>What is lastingly wrong with the collection that it names; null when nothing is. What it gives, it gives all the same.</summary>
    public Problem? CollectionProblem { get; init; }

    public bool IsInForce => Problem is null && State == GrantState.Active;
}
