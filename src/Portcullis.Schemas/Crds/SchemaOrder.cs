using System.Text.Json.Nodes;

namespace Portcullis.Schemas.Crds;

/// <summary>One order for generated CRDs, so that their diffs show changes alone: every object's members by ordinal, as controller-gen writes them.</summary>
internal static class SchemaOrder
{
    public static JsonObject Sort(JsonObject schema)
    {
        var sorted = new JsonObject();
        foreach (var (name, value) in schema.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            sorted[name] = Sort(value);
        }

        return sorted;
    }

    private static JsonNode? Sort(JsonNode? node)
    {
        if (node is JsonObject o)
        {
            return Sort(o);
        }

        return node is JsonArray a ? new JsonArray([.. a.Select(Sort)]) : node?.DeepClone();
    }
}
