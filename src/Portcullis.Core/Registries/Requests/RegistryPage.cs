namespace Portcullis.Core.Registries.Requests;

/// <summary>Which part of a list a client asks for (OCI distribution, "Listing Tags").</summary>
/// <param name="Count">At most so many entries; null for all. 0 gives none.</param>
/// <param name="Last">Only what comes after this one in ordinal order; null for the beginning.</param>
public sealed record RegistryPage(int? Count, string? Last)
{
    /// <summary>The part of a list, and the last entry to ask after for the next part; null when there is none.</summary>
    /// <param name="all">In any order.</param>
    public (IReadOnlyList<string> Entries, string? Next) Of(IEnumerable<string> all)
    {
        var rest = all.Where(e => Last is null || string.CompareOrdinal(e, Last) > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return Count is { } count && count < rest.Count
            ? (rest[..count], count == 0 ? null : rest[count - 1])
            : (rest, null);
    }
}
