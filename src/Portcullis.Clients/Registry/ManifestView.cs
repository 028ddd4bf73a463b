using System.Text.Json;
using Portcullis.Clients.Registry.Wire;

namespace Portcullis.Clients.Registry;

/// <summary>
/// What a manifest or index says. Media types of any kind are taken; what decides is whether it lists manifests or blobs. A document that different
/// clients would read as different images is refused: one that lists both, that says another type than the registry, or that has a field twice.
/// </summary>
public sealed record ManifestView
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The registry's, else the document's, else by what the document lists.</summary>
    public required string MediaType { get; init; }

    /// <summary>Whether it lists manifests.</summary>
    public required bool IsIndex { get; init; }

    /// <summary>2 for all that are used today; null when it says none.</summary>
    public long? SchemaVersion { get; init; }

    public ImageDescriptor? Config { get; init; }

    /// <summary>In order, the lowest first; a layer may be listed twice.</summary>
    public IReadOnlyList<ImageDescriptor> Layers { get; init; } = [];

    /// <summary>What an index lists.</summary>
    public IReadOnlyList<ImageDescriptor> Manifests { get; init; } = [];

    /// <summary>The manifest that this one is about.</summary>
    public ImageDescriptor? Subject { get; init; }

    public string? ArtifactType { get; init; }

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Config and layers, each digest once.</summary>
    public IEnumerable<ImageDescriptor> Blobs => (Config is null ? Layers : [Config, .. Layers]).DistinctBy(b => b.Digest, StringComparer.Ordinal);

    /// <summary>As the author says; null when the sum is beyond any number.</summary>
    public long? DeclaredSize
    {
        get
        {
            var sum = Blobs.Aggregate(Int128.Zero, (total, blob) => total + blob.Size);
            return sum <= long.MaxValue ? (long)sum : null;
        }
    }

    /// <param name="mediaType">What the registry says it is.</param>
    /// <param name="bytes">The document.</param>
    /// <exception cref="RegistryException">It is no manifest: <see cref="RegistryFailure.Damaged"/>.</exception>
    public static ManifestView Read(string mediaType, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (!JsonUnicode.IsText(bytes.Span))
            {
                throw new RegistryException(RegistryFailure.Damaged, "the manifest has characters that are not Unicode");
            }

            using var document = JsonDocument.Parse(bytes, Strict);
            return ImageDocument.Read(mediaType, document.RootElement);
        }
        catch (JsonException e)
        {
            throw new RegistryException(RegistryFailure.Damaged, $"the manifest is not JSON that means one thing: {e.Message}", inner: e);
        }
    }
}
