using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Patches.Apply;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Patches;

/// <summary>Whether an applied configuration fits its kind's schema (structured-merge-diff's typed value), before anything is merged.</summary>
internal static class TypedCheck
{
    public static IEnumerable<string> Errors(JsonNode? value, StructuralSchema? schema, string path = "")
    {
        if (value is null || schema is null || schema.PreserveUnknownFields)
        {
            return [];
        }

        return schema.Type switch
        {
            "object" => value is JsonObject o ? Members(o, schema, path) : Expected("map", value, path),
            "array" => value is JsonArray list ? Items(list, schema, path) : Expected("list", value, path),
            "string" => Is(value, JsonValueKind.String) || schema.Format == "quantity" ? [] : Expected("string", value, path),
            "boolean" => Is(value, JsonValueKind.True) || Is(value, JsonValueKind.False) ? [] : Expected("boolean", value, path),
            "integer" or "number" => Is(value, JsonValueKind.Number) ? [] : Expected("numeric (int or float)", value, path),
            _ => [],
        };
    }

    private static IEnumerable<string> Members(JsonObject value, StructuralSchema schema, string path)
    {
        foreach (var (name, member) in value)
        {
            var (property, _) = Shape.Member(schema, name);
            var memberPath = path.Length == 0 ? $".{name}" : FieldPath.Member(path, name);
            if (property is null && (schema.Properties.Count > 0 || schema.AdditionalProperties is not null))
            {
                yield return $"{memberPath}: field not declared in schema";
            }

            foreach (var error in Errors(member, property, memberPath))
            {
                yield return error;
            }
        }
    }

    private static IEnumerable<string> Items(JsonArray list, StructuralSchema schema, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < list.Count; i++)
        {
            var element = schema.ListType is "map" or "set" ? Shape.Element(schema, list[i]) : null;
            if (schema.ListType == "map" && element is null)
            {
                yield return $"{path}: element {i}: associative list with keys has an element that omits key field \"{schema.ListMapKeys[0]}\" (and doesn't have default value)";
            }
            else if (element is not null && !seen.Add(element))
            {
                var set = new FieldSet();
                set.Child(element).Owned = true;
                yield return $"{path}: duplicate entries for key {set.Paths().First()}";
            }

            foreach (var error in Errors(list[i], schema.Items, FieldPath.Index(path, i)))
            {
                yield return error;
            }
        }
    }

    private static bool Is(JsonNode value, JsonValueKind kind) => value.GetValueKind() == kind;

    private static string[] Expected(string what, JsonNode value, string path)
    {
        var shown = value is JsonValue ? value.ToString() : value is JsonArray ? "[]interface {}" : "map[string]interface {}";
        return [$"{path}: expected {what}, got &value.valueUnstructured{{Value:{(Is(value, JsonValueKind.String) ? $"\"{shown}\"" : shown)}}}"];
    }
}
