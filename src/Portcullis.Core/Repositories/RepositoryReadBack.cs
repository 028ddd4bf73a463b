namespace Portcullis.Core.Repositories;

/// <summary>What is true of a repository after its ledger was worked on.</summary>
/// <param name="Host">The registry's host in image names; null when there is no such Registry.</param>
/// <param name="Entries">The ledger.</param>
public sealed record RepositoryReadBack(string? Host, IReadOnlyList<TagEntry> Entries)
{
    /// <summary>Why the registry could not be asked; null when it answered, or was not due.</summary>
    public Problem? RegistryProblem { get; init; }

    /// <summary>The Repository object that declares the same repository and counts instead of this one; null when this one counts.</summary>
    public string? DeclaredBy { get; init; }

    /// <summary>Null when none of its images is to be scanned.</summary>
    public RepositoryScans? Scans { get; init; }

    /// <summary>What keeps its webhooks from being sent.</summary>
    public IReadOnlyList<Problem> WebhookProblems { get; init; } = [];

    public int PendingDeliveries { get; init; }

    public int DeadLetters { get; init; }

    /// <summary>How long until the registry is asked again.</summary>
    public required TimeSpan NextPoll { get; init; }
}
