using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>The strings of JSON, without what is no string.</summary>
internal static class JsonTexts
{
    public static HashSet<string> Of(JsonNode? list) =>
        list is JsonArray array
            ? array.OfType<JsonValue>().Where(v => v.TryGetValue(out string? _)).Select(v => v.GetValue<string>()).ToHashSet(StringComparer.Ordinal)
            : [];

    /// <summary>The text of a JSON string; empty for anything else.</summary>
    public static string One(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
