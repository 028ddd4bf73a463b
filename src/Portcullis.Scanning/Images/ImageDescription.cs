namespace Portcullis.Scanning.Images;

/// <summary>An image of one platform.</summary>
/// <param name="Digest">That of its manifest; of its config where there is no manifest.</param>
/// <param name="Platform">As its config says.</param>
/// <param name="Layers">The lowest first.</param>
public sealed record ImageDescription(string Digest, ScanPlatform Platform, IReadOnlyList<DescribedLayer> Layers);

/// <summary>A layer of an image.</summary>
/// <param name="Blob">Its content.</param>
/// <param name="CreatedBy">The instruction that made it; empty when the config does not say.</param>
public sealed record DescribedLayer(StoredBlob Blob, string CreatedBy);
