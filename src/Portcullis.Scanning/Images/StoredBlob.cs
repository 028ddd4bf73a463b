namespace Portcullis.Scanning.Images;

/// <summary>Content by its digest, as a manifest or an index names it (OCI image specification, "Descriptor").</summary>
/// <param name="MediaType">Empty when none is given.</param>
/// <param name="Digest">ALGORITHM:HEX, of a known algorithm.</param>
/// <param name="Size">In bytes, as its author says.</param>
public sealed record StoredBlob(string MediaType, string Digest, long Size)
{
    /// <summary>The platform of an image in an index; null when the index does not say.</summary>
    public ScanPlatform? Platform { get; init; }

    /// <summary>The tag that a layout gives it (annotation org.opencontainers.image.ref.name); null when it has none.</summary>
    public string? Tag { get; init; }
}
