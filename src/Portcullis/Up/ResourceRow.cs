using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;
using Portcullis.Objects.Json;

namespace Portcullis.Up;

/// <summary>The state of a resource by the kstatus rules, for the table and for <c>--once</c>.</summary>
internal enum ResourceState
{
    /// <summary>Ready=True at the present generation.</summary>
    Ready,

    /// <summary>Work is in progress or waits for something.</summary>
    Progressing,

    /// <summary>Stalled: a change is needed before reconciling continues.</summary>
    Failed,
}

/// <summary>One line of the table.</summary>
internal sealed record ResourceRow
{
    public required string Kind { get; init; }

    public required string Name { get; init; }

    public required ResourceState State { get; init; }

    /// <summary>The Ready condition's status: True, False or Unknown.</summary>
    public required string Ready { get; init; }

    /// <summary>The Ready condition's message.</summary>
    public required string Message { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>The kind's own columns, as kubectl shows them.</summary>
    public required string Datum { get; init; }

    /// <summary>The last <c>requestedAt</c> that was handled.</summary>
    public string? Handled { get; init; }

    public string Title => $"{Kind}/{Name}";

    public static ResourceRow Of(KindDefinition kind, JsonObject value)
    {
        var metadata = value.Object("metadata");
        var ready = Condition(value, ConditionTypes.Ready);
        return new ResourceRow
        {
            Kind = kind.Resource.Kind,
            Name = metadata.String("name") ?? "",
            State = StateOf(value, ready),
            Ready = ready.String("status") ?? ConditionTypes.Unknown,
            Message = ready.String("message") ?? "not reconciled yet",
            Created = DateTimeOffset.TryParse(metadata.String("creationTimestamp"), CultureInfo.InvariantCulture, out var created) ? created : default,
            Datum = string.Join(" · ", kind.Options.Columns.Where(c => c.Priority == 0).Select(c => Named(c, Text(value, c.JsonPath))).Where(t => t.Length > 0)),
            Handled = value.Object("status").String("lastHandledReconcileAt"),
        };
    }

    /// <summary>The value at a dotted path, the only form that our columns use; empty when there is none.</summary>
    internal static string Text(JsonObject value, string jsonPath)
    {
        JsonNode? at = value;
        foreach (var name in jsonPath.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            at = (at as JsonObject)?[name];
        }

        return at switch
        {
            null => "",
            JsonValue text when text.TryGetValue(out string? written) => written,
            _ => at.ToJsonString(),
        };
    }

    /// <summary>The name of the column goes before a number.</summary>
    private static string Named(PrinterColumn column, string text) =>
        column.Type == "integer" && text.Length > 0 ? $"{column.Name.ToLowerInvariant()} {text}" : text;

    private static ResourceState StateOf(JsonObject value, JsonObject? ready)
    {
        var generation = value.Object("metadata")?["generation"]?.ToJsonString();
        if (Condition(value, ConditionTypes.Stalled).String("status") == ConditionTypes.True)
        {
            return ResourceState.Failed;
        }

        return ready.String("status") == ConditionTypes.True && value.Object("status")?["observedGeneration"]?.ToJsonString() == generation
            ? ResourceState.Ready
            : ResourceState.Progressing;
    }

    private static JsonObject? Condition(JsonObject value, string type) =>
        value.Object("status").Array("conditions")?.OfType<JsonObject>().FirstOrDefault(c => c.String("type") == type);
}
