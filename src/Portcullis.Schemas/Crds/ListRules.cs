using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Crds;

/// <summary>What a schema may declare about merging lists and maps: <c>x-kubernetes-list-type</c>, its keys, and <c>x-kubernetes-map-type</c>.</summary>
internal sealed class ListRules(List<FieldError> errors)
{
    private const string ListType = "x-kubernetes-list-type";
    private const string MapKeys = "x-kubernetes-list-map-keys";
    private const string MapType = "x-kubernetes-map-type";

    public void Check(JsonObject schema, string path)
    {
        var type = schema.String("type") ?? "";
        if (schema.String(MapType) is { } mapType)
        {
            MapKind(mapType, type, path);
        }

        var listType = schema.String(ListType);
        var keys = schema.Array(MapKeys) ?? [];
        if (keys.Count > 0 && listType != "map")
        {
            Wrong($"{path}.{ListType}", listType ?? "", $"must be map if {MapKeys} is non-empty");
        }

        if (listType is null)
        {
            return;
        }

        if (type != "array")
        {
            Wrong($"{path}.type", type, $"must be array if {ListType} is specified");
        }

        if (listType is not ("atomic" or "set" or "map"))
        {
            errors.Add(Fault.NotSupported($"{path}.{ListType}", JsonValue.Create(listType), ["atomic", "set", "map"]));
        }

        var items = schema.Object("items");
        if (listType is "set" or "map" && items?["nullable"]?.GetValueKind() == System.Text.Json.JsonValueKind.True)
        {
            errors.Add(Fault.Forbidden($"{path}.items.nullable", $"cannot be nullable when {ListType} is {listType}"));
        }

        if (listType == "set" && items is not null)
        {
            Set(items, path);
        }
        else if (listType == "map")
        {
            Map(schema, items, keys, path);
        }
    }

    private void MapKind(string mapType, string type, string path)
    {
        if (type != "object")
        {
            Wrong($"{path}.type", type, $"must be object if {MapType} is specified");
        }

        if (mapType is not ("atomic" or "granular"))
        {
            errors.Add(Fault.NotSupported($"{path}.{MapType}", JsonValue.Create(mapType), ["atomic", "granular"]));
        }
    }

    private void Wrong(string path, string value, string detail) =>
        errors.Add(value.Length == 0 ? Fault.Required(path, detail) : Fault.Invalid(path, JsonValue.Create(value), detail));

    private void Set(JsonObject items, string path)
    {
        const string Detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
        if (items.String("type") == "array" && items.String(ListType) is { } inner and not "atomic")
        {
            errors.Add(Fault.Invalid($"{path}.items.{ListType}", JsonValue.Create(inner), Detail));
        }
        else if (items.String("type") == "object" && items.String(MapType) != "atomic")
        {
            errors.Add(Fault.Invalid($"{path}.items.{MapType}", items[ListType], Detail));
        }
    }

    private void Map(JsonObject schema, JsonObject? items, JsonArray keys, string path)
    {
        if (keys.Count == 0)
        {
            errors.Add(Fault.Required($"{path}.{MapKeys}", $"must not be empty if {ListType} is map"));
        }

        if (items is null)
        {
            errors.Add(Fault.Required($"{path}.items", $"must have a schema if {ListType} is map"));
            return;
        }

        if (items.String("type") != "object")
        {
            errors.Add(Fault.Invalid($"{path}.items.type", JsonValue.Create(items.String("type") ?? ""), $"must be object if parent array's {ListType} is map"));
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var required = (items.Array("required") ?? []).Select(r => r?.ToString()).ToHashSet(StringComparer.Ordinal);
        foreach (var key in keys.Select(k => k?.ToString() ?? ""))
        {
            var at = $"{path}.items.properties[{key}]";
            if (!seen.Add(key))
            {
                errors.Add(Fault.Invalid($"{path}.{MapKeys}", schema[MapKeys], "must not contain duplicate entries"));
            }

            if (items.Object("properties").Object(key) is not { } property)
            {
                errors.Add(Fault.Invalid($"{path}.{MapKeys}", schema[MapKeys], "entries must all be names of item properties"));
                continue;
            }

            Key(property, required.Contains(key), at);
        }
    }

    /// <summary>A property whose value identifies an item of the list.</summary>
    private void Key(JsonObject property, bool isRequired, string at)
    {
        if (property.String("type") is "array" or "object")
        {
            errors.Add(Fault.Invalid($"{at}.type", JsonValue.Create("object"), $"must be a scalar type if parent array's {ListType} is map"));
        }

        if (!isRequired && property["default"] is null)
        {
            errors.Add(Fault.Required($"{at}.default", $"this property is in {MapKeys}, so it must have a default or be a required property"));
        }

        if (property["nullable"]?.GetValueKind() == System.Text.Json.JsonValueKind.True)
        {
            errors.Add(Fault.Forbidden($"{at}.nullable", $"this property is in {MapKeys}, so it cannot be nullable"));
        }
    }
}
