using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Tables;

/// <summary>The columns of a custom resource: its CRD's printer columns, or its age.</summary>
internal static class CustomColumns
{
    public static IReadOnlyList<Column> Of(ServedKind kind)
    {
        var columns = new List<Column> { BuiltInColumns.Name };
        if (kind.Columns is null or { Count: 0 })
        {
            columns.Add(Build(new CustomColumn(
                "Age", "date", ".metadata.creationTimestamp", null, CustomKinds.MetadataSchema.Properties["creationTimestamp"].Description, 0)));
            return columns;
        }

        columns.AddRange(kind.Columns.Select(Build));
        return columns;
    }

    private static Column Build(CustomColumn column)
    {
        var path = JsonPath.Parse(column.JsonPath);
        var description = string.IsNullOrEmpty(column.Description)
            ? $"Custom resource definition column (in JSONPath format): {column.JsonPath}"
            : column.Description;
        return new Column(column.Name, column.Type, description, (item, now) => Cell(column, path.Find(item), now))
        {
            Format = column.Format ?? "",
            Priority = column.Priority,
        };
    }

    private static JsonNode? Cell(CustomColumn column, IReadOnlyList<JsonNode> found, DateTimeOffset now)
    {
        if (found.Count == 0)
        {
            return null;
        }

        var value = found[0];
        return column.Type switch
        {
            "integer" => value.GetValueKind() == JsonValueKind.Number ? (long)double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null,
            "number" => value.GetValueKind() == JsonValueKind.Number ? value.DeepClone() : null,
            "boolean" => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? value.DeepClone() : null,
            "date" => value is JsonValue time && time.TryGetValue(out string? text)
                ? DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _) ? AgeCell.Of(text, now) : "<invalid>"
                : null,
            _ => string.Join(' ', found.Select(f => f is JsonValue scalar ? scalar.ToString() : KubernetesJson.ToText(f))),
        };
    }
}
