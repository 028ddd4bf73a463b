namespace Portcullis.Clients.Registry;

/// <summary>A manifest or index byte for byte as the registry keeps it. The bytes have this digest.</summary>
/// <param name="MediaType">As the registry says; the document may say nothing of it.</param>
/// <param name="Digest">Of the bytes.</param>
/// <param name="Bytes">Never written anew: a changed space would be another image.</param>
public sealed record RegistryManifest(string MediaType, string Digest, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>What it says, read each time.</summary>
    /// <exception cref="RegistryException">It is no manifest: <see cref="RegistryFailure.Damaged"/>.</exception>
    public ManifestView View() => ManifestView.Read(MediaType, Bytes);

    /// <summary>A new one of these bytes.</summary>
    public static RegistryManifest Of(string mediaType, ReadOnlyMemory<byte> bytes) => new(mediaType, ContentDigest.Of(bytes.Span), bytes);
}
