using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Schemas.Crds;

/// <summary>The fields below a schema, each before those inside it, in the schema's order.</summary>
internal static class FieldRows
{
    public static IEnumerable<FieldRow> Of(string path, JsonObject schema)
    {
        var required = (schema.Array("required") ?? []).Select(r => r!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, value) in schema.Object("properties") ?? [])
        {
            var field = value!.AsObject();
            var below = $"{path}.{name}";
            yield return new FieldRow(below, TypeText.Of(field), field.String("description"))
            {
                IsRequired = required.Contains(name),
                Rules = [.. RulesOf(field)],
            };
            foreach (var row in Inside(below, field))
            {
                yield return row;
            }
        }
    }

    /// <summary>The messages of the schema's own rules.</summary>
    public static IEnumerable<string> RulesOf(JsonObject schema) =>
        (schema.Array("x-kubernetes-validations") ?? []).Select(r => r!.AsObject()).Select(r => r.String("message") ?? r.String("rule")!);

    private static IEnumerable<FieldRow> Inside(string path, JsonObject field) =>
        field.Object("items") is { } items ? Of(path + "[]", items).Concat(items.Object("items") is null ? [] : Inside(path + "[]", items))
        : field["additionalProperties"] is JsonObject values ? Of(path + "{}", values)
        : Of(path, field);
}
