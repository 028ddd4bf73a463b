using System.Text.Json.Nodes;

namespace Portcullis.ApiServer.Tables;

/// <summary>One column: its definition, and how a cell is made from an object.</summary>
internal sealed record Column(string Name, string Type, string Description, Func<JsonObject, DateTimeOffset, JsonNode?> Cell)
{
    public string Format { get; init; } = "";

    /// <summary>1 shows with <c>-o wide</c> only.</summary>
    public int Priority { get; init; }
}
