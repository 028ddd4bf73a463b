using System.Text.Json;

namespace Portcullis.Clients.Registry.Wire;

/// <summary>Reads manifests field by field, so that an unknown field or type is no error and a wrong one says where it is. Pure.</summary>
internal static class ImageDocument
{
    private const int MostDescriptors = 10_000;

    /// <summary>What decides something here.</summary>
    private static readonly HashSet<string> Fields = new(
        ["schemaVersion", "mediaType", "manifests", "layers", "config", "subject", "artifactType", "annotations", "digest", "size", "platform"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> ExactFields = new(Fields, StringComparer.Ordinal);

    public static ManifestView Read(string mediaType, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Damaged("it is no JSON object");
        }

        RefuseOtherCase(root);

        var manifests = List(root, "manifests");
        var layers = List(root, "layers");
        var config = Optional(root, "config");
        if (manifests is not null && (layers is not null || config is not null))
        {
            throw Damaged("it lists manifests and blobs at once");
        }

        return new ManifestView
        {
            MediaType = MediaTypeOf(mediaType, Text(root, "mediaType"), manifests is not null),
            IsIndex = manifests is not null,
            SchemaVersion = root.TryGetProperty("schemaVersion", out var version) && version.ValueKind == JsonValueKind.Number && version.TryGetInt64(out var number) ? number : null,
            Config = config,
            Layers = layers ?? [],
            Manifests = manifests ?? [],
            Subject = Optional(root, "subject"),
            ArtifactType = Text(root, "artifactType"),
            Annotations = Texts(root, "annotations"),
        };
    }

    /// <summary>Two clients that believe different ones of the two types would see two images (CVE-2021-41190).</summary>
    private static string MediaTypeOf(string given, string? written, bool isIndex)
    {
        var known = RegistryMediaTypes.IsManifest(given);
        if (written is { Length: > 0 } && known && written != given)
        {
            throw Damaged($"the registry says {given}, the document {written}");
        }

        var type = known ? given : written is { Length: > 0 } ? written : given;
        if (RegistryMediaTypes.IsManifest(type) && RegistryMediaTypes.IsIndex(type) != isIndex)
        {
            throw Damaged($"it is of type {type} and {(isIndex ? "lists manifests" : "lists no manifests")}");
        }

        return RegistryMediaTypes.IsManifest(type) || written is { Length: > 0 } ? type : isIndex ? RegistryMediaTypes.OciIndex : type;
    }

    private static List<ImageDescriptor>? List(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostDescriptors)
        {
            throw Damaged($"{name} is no list, or one of more than {MostDescriptors}");
        }

        return [.. list.EnumerateArray().Select((item, i) => Descriptor(item, $"{name}[{i}]"))];
    }

    private static ImageDescriptor? Optional(JsonElement root, string name) =>
        root.TryGetProperty(name, out var item) && item.ValueKind != JsonValueKind.Null ? Descriptor(item, name) : null;

    private static ImageDescriptor Descriptor(JsonElement item, string where)
    {
        if (item.ValueKind != JsonValueKind.Object || Text(item, "digest") is not { } digest || !ContentDigest.IsDigest(digest))
        {
            throw Damaged($"{where} has no digest of a known form");
        }

        RefuseOtherCase(item);

        if (!item.TryGetProperty("size", out var size) || size.ValueKind != JsonValueKind.Number || !size.TryGetInt64(out var bytes) || bytes < 0)
        {
            throw Damaged($"{where} has no size, or an impossible one");
        }

        var mediaType = Text(item, "mediaType") ?? "";
        return new ImageDescriptor
        {
            MediaType = mediaType,
            Digest = digest,
            Size = bytes,
            ArtifactType = Text(item, "artifactType"),
            Annotations = Texts(item, "annotations"),
            Platform = Platform(item),
            IsForeign = RegistryMediaTypes.IsForeignLayer(mediaType),
        };
    }

    private static ImagePlatform? Platform(JsonElement item) =>
        item.TryGetProperty("platform", out var platform) && platform.ValueKind == JsonValueKind.Object
            ? new ImagePlatform(Text(platform, "os") ?? "", Text(platform, "architecture") ?? "", Text(platform, "variant"))
            : null;

    /// <summary>Clients written in Go take <c>Layers</c> for <c>layers</c>, others do not.</summary>
    private static void RefuseOtherCase(JsonElement item)
    {
        foreach (var field in item.EnumerateObject())
        {
            if (Fields.Contains(field.Name) && !ExactFields.Contains(field.Name))
            {
                throw Damaged($"the field {field.Name} is written in another case");
            }
        }
    }

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static Dictionary<string, string> Texts(JsonElement item, string name) =>
        item.TryGetProperty(name, out var texts) && texts.ValueKind == JsonValueKind.Object
            ? texts.EnumerateObject().Where(t => t.Value.ValueKind == JsonValueKind.String)
                .GroupBy(t => t.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Value.GetString()!, StringComparer.Ordinal)
            : [];

    private static RegistryException Damaged(string what) => new(RegistryFailure.Damaged, $"this is no manifest that can be used: {what}");
}
