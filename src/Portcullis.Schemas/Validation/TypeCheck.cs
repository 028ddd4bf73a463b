using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Validation;

/// <summary>The first check of a node: is the value of a type that the schema allows?</summary>
internal static class TypeCheck
{
    public static void Run(SchemaNode node, JsonValueKind kind, JsonNode? value, string path, SchemaResult result, SchemaErrors errors)
    {
        if (node.Types.Count == 0 && node.Format is null)
        {
            return;
        }

        var type = JsonType(kind, value);
        var fits = kind == JsonValueKind.Null
            ? node.Types.Count == 0 || node.Schema.Nullable
            : node.Types.Contains(type) || (type == "integer" && node.Types.Contains("number"))
                || (type == "number" && node.Types.Contains("integer") && JsonNumber.TryDouble(value, out var number) && number == Math.Floor(number));
        if (fits || (kind is JsonValueKind.String or JsonValueKind.Array && node.Format is not null && !node.Types.Contains("integer") && !node.Types.Contains("number")))
        {
            result.Matches++;
            return;
        }

        // A value that is not a text where a format is declared gets an error with the format, and its own format as its type.
        var (wanted, found) = node.Format is { } format && kind is not (JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Null)
            ? (format, type switch { "integer" => "int64", "number" => "float64", _ => "" })
            : (node.TypeNames, type);
        var quotes = wanted == "string" && kind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False ? "; put it in quotes" : "";
        result.Errors.Add(Fault.TypeInvalid(errors.At(path), JsonValue.Create(found), $"{path} {SchemaErrors.Body} must be of type {wanted}: {GoText.Quote(found)}") with
        {
            ForPeople = new FieldError("FieldValueTypeInvalid", errors.At(path), $"must be of type {wanted}, not {type}{quotes}"),
        });
    }

    private static string JsonType(JsonValueKind kind, JsonNode? value) => kind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => JsonNumber.TryInt64(value, out _) ? "integer" : "number",
        _ => "boolean",
    };
}
