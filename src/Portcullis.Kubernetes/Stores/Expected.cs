namespace Portcullis.Kubernetes.Stores;

/// <summary>What is known of one object beyond what the store shows.</summary>
/// <param name="Key">Which object.</param>
/// <param name="Written">The newest answered write that the watch has not shown; null when there is none.</param>
/// <param name="IsDoubted">The server may hold something else than both the store and <paramref name="Written"/> say: ask it.</param>
public sealed record Expected<TValue>(ObjectKey Key, Written<TValue>? Written, bool IsDoubted);

/// <summary>An answered write.</summary>
/// <param name="Upon">The version that the store showed when it was begun; null for none.</param>
/// <param name="Made">The version that it made; null for a deletion.</param>
/// <param name="Value">What the writer wants to know of it; the default for a deletion.</param>
public sealed record Written<TValue>(string? Upon, string? Made, TValue? Value)
{
    public bool IsDeletion => Made is null;

    /// <summary>Whether this is newer than the version which the store shows (null: nothing), read after this was asked for.</summary>
    public bool IsAheadOf(string? shown) =>
        shown is null || shown == Upon || IsDeletion || ResourceVersions.Compare(shown, Made) < 0;
}

/// <summary>Who made a change that the watch shows, as far as can be known when it comes.</summary>
public enum ChangeOrigin
{
    /// <summary>Somebody else, or a write of ours whose answer was lost.</summary>
    Foreign,

    /// <summary>A write of ours that was answered.</summary>
    Own,

    /// <summary>A write of ours is under way: its answer says whether there was anything else.</summary>
    Undecided,
}
