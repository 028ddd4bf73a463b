namespace Portcullis.Clients.Registry.Copying;

/// <summary>What a copy did.</summary>
public sealed record CopyOutcome
{
    /// <summary>Of the source, and of the target.</summary>
    public required string Digest { get; init; }

    /// <summary>The target's tag had this digest before: nothing was written.</summary>
    public bool WasThere { get; init; }

    /// <summary>Manifests and indexes written, referrers not counted.</summary>
    public int Manifests { get; init; }

    /// <summary>Referrers written.</summary>
    public int Referrers { get; init; }

    /// <summary>Blobs that the registry took from the source by itself.</summary>
    public int Mounted { get; init; }

    /// <summary>Blobs that had to be read and written.</summary>
    public int Uploaded { get; init; }

    /// <summary>Their bytes.</summary>
    public long UploadedBytes { get; init; }
}
