using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Schemas.Crds;

/// <summary>The type of a field in words: as <c>kubectl explain</c> names it, with values, bounds and default.</summary>
internal static class TypeText
{
    private static readonly (string Keyword, string Words)[] Bounds =
    [
        ("minimum", "at least"), ("maximum", "at most"),
        ("minItems", "members: at least"), ("maxItems", "members: at most"), ("maxProperties", "members: at most"),
        ("maxLength", "characters: at most"),
    ];

    public static string Of(JsonObject schema)
    {
        var parts = new List<string> { NameOf(schema) };
        var values = schema.Array("enum") ?? schema.Object("items").Array("enum");
        if (values is not null)
        {
            parts.Add(string.Join(" or ", values.Select(v => $"`{v}`")));
        }

        parts.AddRange(Bounds.Where(b => schema[b.Keyword] is not null).Select(b => $"{b.Words} {schema[b.Keyword]}"));
        if (schema["default"] is { } value)
        {
            parts.Add($"default `{value.ToJsonString()}`");
        }

        return string.Join(", ", parts);
    }

    private static string NameOf(JsonObject schema) =>
        schema.Object("items") is { } items ? $"list of {NameOf(items)}"
        : schema["additionalProperties"] is JsonObject values ? $"map to {NameOf(values)}"
        : schema["x-kubernetes-int-or-string"] is not null ? "integer or string"
        : schema.String("format") is "date-time" ? "time"
        : schema.String("type") ?? "any";
}
