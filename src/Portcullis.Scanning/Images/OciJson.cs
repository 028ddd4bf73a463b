using System.Text.Json.Serialization;

namespace Portcullis.Scanning.Images;

/// <summary>A manifest or an index: whichever has layers or manifests.</summary>
internal sealed record OciDocument
{
    public string? MediaType { get; init; }

    public string? ArtifactType { get; init; }

    public OciDescriptor? Config { get; init; }

    public IReadOnlyList<OciDescriptor>? Layers { get; init; }

    public IReadOnlyList<OciDescriptor>? Manifests { get; init; }
}

internal sealed record OciDescriptor
{
    public string MediaType { get; init; } = "";

    public string Digest { get; init; } = "";

    public long Size { get; init; }

    public OciPlatform? Platform { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

internal sealed record OciPlatform
{
    public string Os { get; init; } = "";

    public string Architecture { get; init; } = "";

    public string? Variant { get; init; }
}

internal sealed record OciConfig
{
    public string? Os { get; init; }

    public string? Architecture { get; init; }

    public string? Variant { get; init; }

    public OciRootFs? Rootfs { get; init; }

    public IReadOnlyList<OciHistory>? History { get; init; }
}

internal sealed record OciRootFs
{
    [JsonPropertyName("diff_ids")]
    public IReadOnlyList<string> DiffIds { get; init; } = [];
}

internal sealed record OciHistory
{
    [JsonPropertyName("created_by")]
    public string? CreatedBy { get; init; }

    [JsonPropertyName("empty_layer")]
    public bool EmptyLayer { get; init; }
}

/// <summary>An image in the manifest.json of an archive of docker save.</summary>
internal sealed record DockerSavedImage
{
    [JsonPropertyName("Config")]
    public string? Config { get; init; }

    [JsonPropertyName("RepoTags")]
    public IReadOnlyList<string>? RepoTags { get; init; }

    [JsonPropertyName("Layers")]
    public IReadOnlyList<string>? Layers { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OciDocument))]
[JsonSerializable(typeof(OciConfig))]
[JsonSerializable(typeof(IReadOnlyList<DockerSavedImage>))]
internal sealed partial class OciJsonContext : JsonSerializerContext;
