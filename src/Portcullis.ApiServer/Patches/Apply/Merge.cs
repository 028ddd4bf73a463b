using System.Text.Json.Nodes;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Patches.Apply;

/// <summary>Lays an applied configuration over the live object, and takes away what its manager no longer applies.</summary>
internal static class Merge
{
    /// <summary>A new value: <paramref name="live"/> with every field of <paramref name="applied"/> on top.</summary>
    public static JsonNode? Apply(JsonNode? live, JsonNode? applied, StructuralSchema? schema)
    {
        switch (Shape.Of(schema, applied))
        {
            case Granularity.Map when live is JsonObject liveMap:
                var merged = (JsonObject)liveMap.DeepClone();
                foreach (var (name, value) in (JsonObject)applied!)
                {
                    merged[name] = Apply(liveMap[name], value, Shape.Member(schema, name).Schema);
                }

                return merged;
            case Granularity.MapList or Granularity.SetList when live is JsonArray liveList:
                return Lists(liveList, (JsonArray)applied!, schema!);
            default:
                return applied?.DeepClone();
        }
    }

    /// <summary>
    /// Removes in place what <paramref name="last"/> has and <paramref name="keep"/> has not. An item or a named field goes as a whole
    /// when nobody keeps anything below it.
    /// </summary>
    public static void Prune(JsonNode? value, FieldSet last, FieldSet keep, StructuralSchema? schema)
    {
        switch (value)
        {
            case JsonObject map:
                PruneMap(map, last, keep, schema);
                break;
            case JsonArray list when schema?.ListType is "map" or "set":
                PruneList(list, last, keep, schema);
                break;
            default:
                break;
        }
    }

    private static JsonArray Lists(JsonArray live, JsonArray applied, StructuralSchema schema)
    {
        var items = Shape.Items(schema, live);
        var wanted = Shape.Items(schema, applied);
        var result = new JsonArray();
        var placed = new HashSet<string>(StringComparer.Ordinal);
        var order = wanted.ToList();
        var next = 0;
        foreach (var (element, item) in items)
        {
            // The applied list's order wins among its own items; what is only live keeps its place between them.
            if (!wanted.ContainsKey(element))
            {
                result.Add(item?.DeepClone());
                continue;
            }

            for (; !placed.Contains(element); next++)
            {
                var (name, value) = order[next];
                placed.Add(name);
                result.Add(Apply(items.GetValueOrDefault(name), value, schema.Items));
            }
        }

        foreach (var (element, value) in wanted)
        {
            if (placed.Add(element))
            {
                result.Add(value?.DeepClone());
            }
        }

        return result;
    }

    private static void PruneMap(JsonObject map, FieldSet last, FieldSet keep, StructuralSchema? schema)
    {
        foreach (var (element, lastChild) in last.Children)
        {
            if (element[0] != 'f' || !map.TryGetPropertyValue(element[2..], out var member))
            {
                continue;
            }

            var name = element[2..];
            var (memberSchema, named) = Shape.Member(schema, name);
            if (keep.Find(element) is { } kept)
            {
                Prune(member, lastChild, kept, memberSchema);
                continue;
            }

            if (lastChild.Owned || named)
            {
                map.Remove(name);
                continue;
            }

            Prune(member, lastChild, new FieldSet(), memberSchema);
            if (Shape.IsEmptyContainer(member))
            {
                map.Remove(name);
            }
        }
    }

    private static void PruneList(JsonArray list, FieldSet last, FieldSet keep, StructuralSchema schema)
    {
        for (var i = list.Count - 1; i >= 0; i--)
        {
            var item = list[i];
            if (Shape.Element(schema, item) is not { } element || last.Find(element) is not { } lastItem)
            {
                continue;
            }

            if (keep.Find(element) is { } kept)
            {
                Prune(item, lastItem, kept, schema.Items);
            }
            else if (lastItem.Owned)
            {
                list.RemoveAt(i);
            }
            else
            {
                Prune(item, lastItem, new FieldSet(), schema.Items);
            }
        }
    }
}
