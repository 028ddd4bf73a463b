namespace Portcullis.Scans;

/// <summary>Where the scanner keeps what it has and what it needs.</summary>
internal sealed record ScanOptions
{
    /// <summary>The file of the vulnerability database, which need not be there yet; null for none.</summary>
    public string? Advisories { get; init; }

    /// <summary>The file of the component store: a cache.</summary>
    public string Store { get; init; } = Path.Combine(Path.GetTempPath(), "portcullis", "components.db");

    /// <summary>How many layers are read at once.</summary>
    public int Layers { get; init; } = Math.Max(2, Environment.ProcessorCount);

    /// <summary>How often it is looked whether the database was replaced.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(2);
}
