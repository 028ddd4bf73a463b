namespace Portcullis.Clients.Registry;

/// <summary>For which machines an image of an index is made.</summary>
/// <param name="Os">For example linux.</param>
/// <param name="Architecture">For example amd64.</param>
/// <param name="Variant">For example v8; null for none.</param>
public sealed record ImagePlatform(string Os, string Architecture, string? Variant)
{
    public override string ToString() => Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";
}
