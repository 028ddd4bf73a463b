using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Patches;

/// <summary>
/// Kubernetes' own merge patch for built-in kinds: lists merge by key where the schema names one; <c>$patch</c>, <c>$retainKeys</c>,
/// <c>$setElementOrder/…</c> and <c>$deleteFromPrimitiveList/…</c> as kubectl sends them.
/// </summary>
internal static class StrategicMergePatch
{
    private const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string Order = "$setElementOrder/";
    private const string DeletePrimitives = "$deleteFromPrimitiveList/";

    /// <summary>A patched copy.</summary>
    public static JsonObject Apply(JsonObject value, JsonObject patch, StructuralSchema schema) =>
        MergeObject((JsonObject)value.DeepClone(), patch, schema) ?? [];

    /// <summary>Null when the patch deletes the object.</summary>
    private static JsonObject? MergeObject(JsonObject target, JsonObject patch, StructuralSchema? schema)
    {
        switch (patch.String(Directive))
        {
            case "replace":
                var replacement = (JsonObject)patch.DeepClone();
                replacement.Remove(Directive);
                return replacement;
            case "delete":
                return null;
            default:
                break;
        }

        if (patch.Array(RetainKeys) is { } retained)
        {
            var keep = retained.Select(r => r?.ToString()).ToHashSet(StringComparer.Ordinal);
            foreach (var name in target.Select(m => m.Key).Where(n => !keep.Contains(n)).ToList())
            {
                target.Remove(name);
            }
        }

        foreach (var (name, change) in patch)
        {
            MergeMember(target, patch, name, change, schema);
        }

        return target;
    }

    private static void MergeMember(JsonObject target, JsonObject patch, string name, JsonNode? change, StructuralSchema? schema)
    {
        if (name is Directive or RetainKeys || name.StartsWith(Order, StringComparison.Ordinal))
        {
            return;
        }

        if (name.StartsWith(DeletePrimitives, StringComparison.Ordinal))
        {
            DeleteFrom(target[name[DeletePrimitives.Length..]] as JsonArray, change as JsonArray);
            return;
        }

        var property = schema?.Properties.GetValueOrDefault(name) ?? schema?.AdditionalProperties;
        switch (change)
        {
            case null:
                target.Remove(name);
                break;
            case JsonObject deeper:
                var merged = MergeObject(target[name] as JsonObject ?? [], deeper, property);
                Set(target, name, merged);
                break;
            case JsonArray list when property?.PatchStrategy == "merge":
                Set(target, name, MergeList(target[name] as JsonArray ?? [], list, property, patch[Order + name] as JsonArray));
                break;
            default:
                target[name] = change.DeepClone();
                break;
        }
    }

    private static void Set(JsonObject target, string name, JsonNode? merged)
    {
        if (merged is null)
        {
            target.Remove(name);
        }
        else if (!ReferenceEquals(target[name], merged))
        {
            target[name] = merged;
        }
    }

    private static void DeleteFrom(JsonArray? list, JsonArray? gone)
    {
        var texts = (gone ?? []).Select(CanonicalJson.ToText).ToHashSet(StringComparer.Ordinal);
        list?.RemoveAll(item => texts.Contains(CanonicalJson.ToText(item)));
    }

    private static JsonArray MergeList(JsonArray target, JsonArray patch, StructuralSchema property, JsonArray? order)
    {
        if (property.PatchMergeKey is not { } key)
        {
            return Sorted(MergePrimitives(target, patch), order, item => item);
        }

        var result = new KeyedItems(patch.Any(p => p.String(Directive) == "replace") ? [] : target, key);
        foreach (var item in patch.OfType<JsonObject>())
        {
            if (item.String(Directive) == "replace" && !item.ContainsKey(key))
            {
                continue;
            }

            if (item[key] is not { } id)
            {
                throw StatusException.BadRequest($"map: {KubernetesJson.ToText(item)} does not contain declared merge key: {key}");
            }

            result.Place(id, MergeObject(result.Find(id) ?? [], item, property.Items));
        }

        return Sorted(result.ToArray(), order, item => (item as JsonObject)?[key]);
    }

    private static JsonArray MergePrimitives(JsonArray target, JsonArray patch)
    {
        var result = (JsonArray)target.DeepClone();
        var texts = result.Select(CanonicalJson.ToText).ToHashSet(StringComparer.Ordinal);
        foreach (var item in patch.Where(p => !texts.Contains(CanonicalJson.ToText(p))))
        {
            result.Add(item?.DeepClone());
        }

        return result;
    }

    /// <summary>Items named by the order come in that order; the others keep their places before the next named one.</summary>
    private static JsonArray Sorted(JsonArray list, JsonArray? order, Func<JsonNode?, JsonNode?> identity)
    {
        if (order is null)
        {
            return list;
        }

        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < order.Count; i++)
        {
            ranks.TryAdd(CanonicalJson.ToText(identity(order[i])), i);
        }

        var ranked = list.Select(item => (Item: item, Rank: ranks.GetValueOrDefault(CanonicalJson.ToText(identity(item)), -1))).ToList();
        var named = new Queue<JsonNode?>(ranked.Where(r => r.Rank >= 0).OrderBy(r => r.Rank).Select(r => r.Item));
        var sorted = new JsonArray();
        foreach (var (item, rank) in ranked)
        {
            sorted.Add((rank >= 0 ? named.Dequeue() : item)?.DeepClone());
        }

        return sorted;
    }
}
