namespace Portcullis.Clients.Registry;

/// <summary>What a registry says of a manifest without giving it. Nothing of it is verified.</summary>
/// <param name="Digest">Null when the registry does not say.</param>
/// <param name="MediaType">Null when the registry does not say.</param>
/// <param name="Size">In bytes; null when the registry does not say.</param>
public sealed record ManifestHead(string? Digest, string? MediaType, long? Size);
