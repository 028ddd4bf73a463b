using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Resources;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Tables;

/// <summary>Renders objects as the rows that <c>kubectl get</c> prints (meta.k8s.io/v1 Table).</summary>
internal sealed class TableWriter(TimeProvider time)
{
    public JsonObject Table(Operation operation, IReadOnlyList<JsonObject> items, string version, string? next, long? remaining)
    {
        var columns = ColumnsOf(operation.Kind);
        var rows = new JsonArray();
        foreach (var item in items)
        {
            rows.Add((JsonNode)Row(operation, columns, item));
        }

        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = PartialMetadata.OfList(version, next, remaining),
            ["columnDefinitions"] = Definitions(columns),
            ["rows"] = rows,
        };
    }

    /// <summary>One watch event's object: a table of one row, with columns in the first only.</summary>
    public JsonObject WatchRow(Operation operation, JsonObject item, bool withColumns)
    {
        var table = Table(operation, [item], Metadata.Of(item).String("resourceVersion") ?? "", null, null);
        if (!withColumns)
        {
            table["columnDefinitions"] = null;
        }

        return table;
    }

    private static IReadOnlyList<Column> ColumnsOf(ServedKind kind) => kind.IsCustom ? CustomColumns.Of(kind) : BuiltInColumns.Of(kind);

    private static JsonArray Definitions(IReadOnlyList<Column> columns)
    {
        var definitions = new JsonArray();
        foreach (var column in columns)
        {
            definitions.Add((JsonNode)new JsonObject
            {
                ["name"] = column.Name,
                ["type"] = column.Type,
                ["format"] = column.Format,
                ["description"] = column.Description,
                ["priority"] = column.Priority,
            });
        }

        return definitions;
    }

    private JsonObject Row(Operation operation, IReadOnlyList<Column> columns, JsonObject item)
    {
        var now = time.GetUtcNow();
        var cells = new JsonArray();
        foreach (var column in columns)
        {
            cells.Add(column.Cell(item, now));
        }

        return new JsonObject
        {
            ["cells"] = cells,
            ["object"] = operation.Query.IncludeObject switch
            {
                "None" => null,
                "Object" => item.DeepClone(),
                _ => PartialMetadata.Of(item),
            },
        };
    }
}
