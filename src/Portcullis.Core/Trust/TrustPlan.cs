namespace Portcullis.Core.Trust;

/// <summary>What is done for one repository, and what cannot be done.</summary>
public sealed record TrustPlan(TrustState State, string Message)
{
    /// <summary>Why, as a condition's reason; null when nothing is wrong.</summary>
    public string? Reason { get; init; }

    /// <summary>At most one: an update is published whole.</summary>
    public IReadOnlyList<TrustAction> Actions { get; init; } = [];

    /// <summary>What differs from the declaration and stays so.</summary>
    public IReadOnlyList<string> Drift { get; init; } = [];

    public PendingRoot? Pending { get; init; }

    /// <summary>Tags that lose their signature by what is published or pending.</summary>
    public IReadOnlyList<string> Loses { get; init; } = [];

    /// <summary>What ends soon and is not the operator's to sign.</summary>
    public IReadOnlyList<string> Expiring { get; init; } = [];

    /// <summary>Roles whose metadata does not verify with the keys that are declared: what is signed there does not count.</summary>
    public IReadOnlyList<string> Broken { get; init; } = [];

    /// <summary>When time alone next changes something; null when it never does.</summary>
    public DateTimeOffset? NextChange { get; init; }
}

/// <summary>How the trust data of a repository stands. The order is that in which they are listed.</summary>
public enum TrustState
{
    Conflict,
    Rejected,
    Failed,
    Unreachable,
    Pending,
    Uninitialized,
    Suspended,
    Published,
}
