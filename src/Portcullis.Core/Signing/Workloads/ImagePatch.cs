using System.Text.Json.Nodes;

namespace Portcullis.Core.Signing.Workloads;

/// <summary>The JSON patch (RFC 6902) that names images by the digests that may run.</summary>
public static class ImagePatch
{
    /// <summary>Empty when each image is named so already.</summary>
    public static JsonArray Of(IEnumerable<(ImageUse Use, string? Image)> images) =>
        new([.. images.Where(i => i.Image != i.Use.Image).Select(i => (JsonNode)Replace(i.Use.Pointer, i.Image))]);

    private static JsonObject Replace(string pointer, string? image) => new JsonObject { ["op"] = "replace", ["path"] = pointer, ["value"] = image };
}
