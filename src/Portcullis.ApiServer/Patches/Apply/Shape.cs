using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Patches.Apply;

/// <summary>How a value is owned: as one (a scalar, an atomic list or map), field by field, or item by item.</summary>
internal enum Granularity
{
    Leaf,
    Map,
    MapList,
    SetList,
}

/// <summary>What a schema means to server-side apply. A null schema is an unknown field: maps are granular, lists atomic.</summary>
internal static class Shape
{
    public static Granularity Of(StructuralSchema? schema, JsonNode? value) => value switch
    {
        JsonObject when schema?.MapType == "atomic" => Granularity.Leaf,
        JsonObject => Granularity.Map,
        JsonArray when schema?.ListType == "map" => Granularity.MapList,
        JsonArray when schema?.ListType == "set" => Granularity.SetList,
        _ => Granularity.Leaf,
    };

    /// <summary>The schema of a member, and whether it is a field that the schema names rather than a key of a map.</summary>
    public static (StructuralSchema? Schema, bool Named) Member(StructuralSchema? schema, string name)
    {
        if (schema is null)
        {
            return (null, false);
        }

        return schema.Properties.TryGetValue(name, out var property) ? (property, true) : (schema.AdditionalProperties, false);
    }

    /// <summary>The path element of an item of a set or associative list. Null when a key is missing and has no default.</summary>
    public static string? Element(StructuralSchema schema, JsonNode? item)
    {
        if (schema.ListType == "set")
        {
            return "v:" + KubernetesJson.ToText(item);
        }

        if (item is not JsonObject o)
        {
            return null;
        }

        var keys = new JsonObject();
        foreach (var key in schema.ListMapKeys.Order(StringComparer.Ordinal))
        {
            var value = o[key] ?? schema.Items?.Properties.GetValueOrDefault(key)?.Default;
            if (value is not null)
            {
                keys[key] = value.DeepClone();
            }
            else if (schema.ListMapKeys.Count == 1)
            {
                return null;
            }
        }

        return "k:" + KubernetesJson.ToText(keys);
    }

    /// <summary>The items by their path element, in order; items without one are left out.</summary>
    public static Dictionary<string, JsonNode?> Items(StructuralSchema schema, JsonArray? list)
    {
        var items = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var item in list ?? [])
        {
            if (Element(schema, item) is { } element)
            {
                items[element] = item;
            }
        }

        return items;
    }

    public static bool IsEmptyContainer(JsonNode? value) => value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };
}
