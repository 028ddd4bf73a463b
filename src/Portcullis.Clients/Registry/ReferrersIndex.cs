using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portcullis.Clients.Registry;

/// <summary>The list of a manifest's referrers that is kept under a tag (OCI distribution 1.1, referrers tag schema). Pure.</summary>
public static class ReferrersIndex
{
    /// <summary>Media types have a <c>+</c>, which is no HTML here.</summary>
    private static readonly JsonWriterOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The list with this referrer; what else it contains stays as it is. Null when it contains it already.</summary>
    /// <exception cref="RegistryException">What is under the tag is no such list.</exception>
    public static RegistryManifest? With(RegistryManifest? present, RegistryManifest referrer)
    {
        if (present is not null && present.View() is var view && (!view.IsIndex || view.Manifests.Any(m => m.Digest == referrer.Digest)))
        {
            return view.IsIndex ? null : throw new RegistryException(RegistryFailure.Refused, $"{present.Digest} stands where the list of referrers belongs");
        }

        var index = present is null ? Empty() : JsonNode.Parse(present.Bytes.Span)!.AsObject();
        index["manifests"]!.AsArray().Add((JsonNode)Descriptor(referrer));
        return RegistryManifest.Of(RegistryMediaTypes.OciIndex, Written(index));
    }

    private static byte[] Written(JsonObject index)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, AsItIs))
        {
            index.WriteTo(writer);
        }

        return bytes.ToArray();
    }

    /// <summary>The list with everything that another list contains; what else it contains stays as it is. Null when it contains all of it already.</summary>
    /// <exception cref="RegistryException">What is under the tag is no such list.</exception>
    public static RegistryManifest? WithAllOf(RegistryManifest? present, RegistryManifest list)
    {
        if (present is null)
        {
            return list;
        }

        if (present.View() is not { IsIndex: true } view)
        {
            throw new RegistryException(RegistryFailure.Refused, $"{present.Digest} stands where the list of referrers belongs");
        }

        var known = view.Manifests.Select(m => m.Digest).ToHashSet(StringComparer.Ordinal);
        var missing = JsonNode.Parse(list.Bytes.Span)!["manifests"]!.AsArray().Where(m => !known.Contains(m!["digest"]!.GetValue<string>())).ToList();
        if (missing.Count == 0)
        {
            return null;
        }

        var index = JsonNode.Parse(present.Bytes.Span)!.AsObject();
        foreach (var descriptor in missing)
        {
            index["manifests"]!.AsArray().Add(descriptor!.DeepClone());
        }

        return RegistryManifest.Of(RegistryMediaTypes.OciIndex, Written(index));
    }

    /// <summary>The list without this manifest; what else it contains stays as it is. Null when it does not contain it.</summary>
    public static RegistryManifest? Without(RegistryManifest? present, string digest)
    {
        if (present?.View() is not { IsIndex: true } view || view.Manifests.All(m => m.Digest != digest))
        {
            return null;
        }

        var index = JsonNode.Parse(present.Bytes.Span)!.AsObject();
        index["manifests"]!.AsArray().RemoveAll(m => m?["digest"]?.GetValue<string>() == digest);
        return RegistryManifest.Of(present.MediaType, Written(index));
    }

    /// <summary>
    /// Whether an index has every manifest of another one, or an image every layer of another one: signatures that are kept under such a tag are layers of one image.
    /// </summary>
    public static bool HasAllOf(RegistryManifest next, RegistryManifest present)
    {
        var (now, before) = (next.View(), present.View());
        return now.IsIndex == before.IsIndex && !Entries(before).Except(Entries(now), StringComparer.Ordinal).Any();
    }

    private static IEnumerable<string> Entries(ManifestView view) => (view.IsIndex ? view.Manifests : view.Layers).Select(d => d.Digest);

    private static JsonObject Empty() => new() { ["schemaVersion"] = 2, ["mediaType"] = RegistryMediaTypes.OciIndex, ["manifests"] = new JsonArray() };

    private static JsonObject Descriptor(RegistryManifest referrer)
    {
        var view = referrer.View();
        var descriptor = new JsonObject { ["mediaType"] = view.MediaType, ["digest"] = referrer.Digest, ["size"] = referrer.Bytes.Length };
        if ((view.ArtifactType ?? view.Config?.MediaType) is { Length: > 0 } artifactType)
        {
            descriptor["artifactType"] = artifactType;
        }

        if (view.Annotations.Count > 0)
        {
            descriptor["annotations"] = new JsonObject(view.Annotations.Select(a => KeyValuePair.Create<string, JsonNode?>(a.Key, a.Value)));
        }

        return descriptor;
    }
}
