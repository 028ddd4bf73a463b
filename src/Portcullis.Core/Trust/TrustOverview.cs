namespace Portcullis.Core.Trust;

/// <summary>What a cluster and, when it was asked, a Notary server say of one name, for the command line.</summary>
public sealed record TrustOverview
{
    /// <summary>HOST/REPOSITORY.</summary>
    public required string Gun { get; init; }

    /// <summary>The TrustDelegations that are for it, by their names.</summary>
    public required IReadOnlyList<TrustOverviewEntry> Declarations { get; init; }

    /// <summary>What the server has; null when it was not asked.</summary>
    public IReadOnlyList<string>? Server { get; init; }

    /// <summary>Whether all of it is as declared, and needs nobody.</summary>
    public bool IsPublished => Declarations.All(d => d.Status is { State: nameof(TrustState.Published), Drift: null or { Count: 0 } });
}

/// <summary>One TrustDelegation and what it reports of the name.</summary>
public sealed record TrustOverviewEntry(string Name, RepositoryTrustStatus? Status);
