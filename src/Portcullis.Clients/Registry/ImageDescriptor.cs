namespace Portcullis.Clients.Registry;

/// <summary>
/// A reference to content by its digest (OCI image specification 1.1, descriptor). The size is what the author says: it bounds what is read,
/// and is checked there.
/// </summary>
public sealed record ImageDescriptor
{
    /// <summary>May be of any kind; empty when none is given.</summary>
    public required string MediaType { get; init; }

    /// <summary>A digest of a known algorithm.</summary>
    public required string Digest { get; init; }

    /// <summary>In bytes; never below 0.</summary>
    public required long Size { get; init; }

    public string? ArtifactType { get; init; }

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Null for everything but the images of an index that say it.</summary>
    public ImagePlatform? Platform { get; init; }

    /// <summary>A layer that stays where its URLs say: no registry need have it.</summary>
    public bool IsForeign { get; init; }
}
