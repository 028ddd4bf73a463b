using System.Text.Json.Nodes;
using Portcullis.Testing.Registries;

namespace Portcullis.Testing.Images;

/// <summary>Writes built images as an OCI layout.</summary>
public static class LayoutFolder
{
    /// <summary>Each image under its tag.</summary>
    public static void Write(string folder, params (string Tag, BuiltImage Image)[] images)
    {
        Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256"));
        File.WriteAllText(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        var index = new JsonArray();
        foreach (var (tag, image) in images)
        {
            WriteBlobs(folder, image);
            index.Add((JsonNode)new JsonObject
            {
                ["mediaType"] = image.Manifest.MediaType,
                ["digest"] = image.Digest,
                ["size"] = image.Manifest.Bytes.Length,
                ["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = tag },
            });
        }

        File.WriteAllText(Path.Combine(folder, "index.json"), new JsonObject { ["schemaVersion"] = 2, ["manifests"] = index }.ToJsonString());
    }

    private static void WriteBlobs(string folder, BuiltImage image)
    {
        foreach (var child in image.Children)
        {
            WriteBlobs(folder, child);
        }

        foreach (var blob in image.Blobs.Append(image.Manifest.Bytes.ToArray()))
        {
            File.WriteAllBytes(Path.Combine(folder, "blobs", "sha256", Clients.Registry.ContentDigest.Of(blob)["sha256:".Length..]), blob);
        }
    }
}
