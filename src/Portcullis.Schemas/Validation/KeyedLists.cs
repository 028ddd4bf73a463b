using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Validation;

/// <summary>That lists of type set hold no value twice and lists of type map no key twice (apiextensions listtype).</summary>
internal static class KeyedLists
{
    public static void Validate(SchemaNode node, JsonNode? value, string path, List<FieldError> errors)
    {
        if (!node.HasKeyedLists)
        {
            return;
        }

        if (value is JsonObject o)
        {
            foreach (var (name, member) in o)
            {
                if (node.Properties.TryGetValue(name, out var below))
                {
                    Validate(below, member, FieldPath.Member(path, name), errors);
                }
                else if (node.AdditionalProperties is { } additional)
                {
                    Validate(additional, member, FieldPath.Key(path, name), errors);
                }
            }
        }
        else if (value is JsonArray items)
        {
            if (node.Schema.ListType == "set")
            {
                Unique([.. items], path, errors);
            }
            else if (node.Schema.ListType == "map")
            {
                Map(node.Schema.ListMapKeys, items, path, errors);
            }

            for (var i = 0; node.Items is { } itemNode && i < items.Count; i++)
            {
                Validate(itemNode, items[i], FieldPath.Index(path, i), errors);
            }
        }
    }

    private static void Map(IReadOnlyList<string> keys, JsonArray items, string path, List<FieldError> errors)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is not (null or JsonObject))
            {
                errors.Add(Fault.Invalid(FieldPath.Index(path, i), items[i], "must be an object for an array of list-type map"));
                return;
            }
        }

        Unique([.. items.Select(item => KeyOf(keys, item as JsonObject))], path, errors);
    }

    private static JsonObject KeyOf(IReadOnlyList<string> keys, JsonObject? item)
    {
        var key = new JsonObject();
        foreach (var name in keys)
        {
            if (item is not null && item.TryGetPropertyValue(name, out var value))
            {
                key[name] = value?.DeepClone();
            }
        }

        return key;
    }

    private static void Unique(List<JsonNode?> keys, string path, List<FieldError> errors)
    {
        if (keys.Count < 2)
        {
            return;
        }

        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < keys.Count; i++)
        {
            var text = CanonicalJson.ToText(keys[i]);
            var times = seen[text] = seen.GetValueOrDefault(text) + 1;
            if (times == 2)
            {
                errors.Add(Fault.Duplicate(FieldPath.Index(path, i), keys[i]));
            }
        }
    }
}
