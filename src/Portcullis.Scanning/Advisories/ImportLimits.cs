namespace Portcullis.Scanning.Advisories;

/// <summary>What an import may cost before it is refused.</summary>
public sealed record ImportLimits
{
    public static ImportLimits Default { get; } = new();

    /// <summary>Bytes of one advisory; a longer one is not read, and reported by its name.</summary>
    public int AdvisoryBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Files of one archive or folder, of whatever kind; one with more is refused whole.</summary>
    public int Files { get; init; } = 5_000_000;

    /// <summary>Bytes of one archive or folder when unpacked; one with more is refused whole.</summary>
    public long TotalBytes { get; init; } = 64L * 1024 * 1024 * 1024;
}
