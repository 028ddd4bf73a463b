using System.Text.Json.Nodes;

namespace Portcullis.ApiServer.Resources;

/// <summary>What tables and metadata-only answers show of objects and lists (meta/v1 PartialObjectMetadata, ListMeta).</summary>
internal static class PartialMetadata
{
    public static JsonObject OfList(string version, string? next, long? remaining)
    {
        var metadata = new JsonObject { ["resourceVersion"] = version };
        if (next is not null)
        {
            metadata["continue"] = next;
        }

        if (remaining is > 0)
        {
            metadata["remainingItemCount"] = remaining;
        }

        return metadata;
    }

    public static JsonObject Of(JsonObject value) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = value["metadata"]?.DeepClone(),
    };
}
