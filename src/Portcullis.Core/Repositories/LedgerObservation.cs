namespace Portcullis.Core.Repositories;

/// <summary>A repository's ledger beside its registry.</summary>
/// <param name="Entries">
/// The ledger, read before the registry was asked: what was written since is different in the ledger by the time that it is changed, and is left alone.
/// </param>
/// <param name="Now">The time.</param>
public sealed record LedgerObservation(IReadOnlyList<TagEntry> Entries, DateTimeOffset Now)
{
    /// <summary>
    /// What each tag names in the registry, null for a tag that the registry has and cannot read; null when the registry was not asked this time.
    /// </summary>
    public IReadOnlyDictionary<string, FoundTag?>? Tags { get; init; }
}

/// <summary>What a tag names in the registry.</summary>
public sealed record FoundTag(string Digest, string? MediaType);
