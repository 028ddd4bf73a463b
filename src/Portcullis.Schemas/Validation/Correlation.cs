using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Validation;

/// <summary>
/// Which old value a new one succeeds (KEP-2876, KEP-4008): members by name, items of map lists by their keys; items of other lists have no predecessor.
/// </summary>
internal static class Correlation
{
    public static bool TryItem(StructuralSchema list, JsonNode? item, JsonArray? oldList, out JsonNode? old)
    {
        old = null;
        if (oldList is null || list.ListType != "map" || item is not JsonObject wanted)
        {
            return false;
        }

        foreach (var candidate in oldList)
        {
            if (candidate is JsonObject o && list.ListMapKeys.All(k => CanonicalJson.AreEqual(Key(list, o, k), Key(list, wanted, k))))
            {
                old = o;
                return true;
            }
        }

        return false;
    }

    private static JsonNode? Key(StructuralSchema list, JsonObject item, string key) =>
        item.TryGetPropertyValue(key, out var value) ? value : list.Items?.Properties.GetValueOrDefault(key)?.Default;
}
