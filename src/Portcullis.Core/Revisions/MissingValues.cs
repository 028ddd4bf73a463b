using System.Globalization;
using System.Text.Json.Nodes;

namespace Portcullis.Core.Revisions;

/// <summary>
/// Fields of a spec that are there and have no value (<c>squad:</c>, an unfilled template). An API server takes such a field for one that was not
/// written: a selector that lost its only label would then select everything.
/// </summary>
internal static class MissingValues
{
    public static IEnumerable<(string Path, string Message)> Of(JsonObject value) => Below(value["spec"], "spec");

    /// <summary>Whether anything below has no value, an item of a list included: then types do not hold what they promise.</summary>
    public static bool Any(JsonNode? node) => node switch
    {
        JsonObject members => members.Any(m => m.Value is null || Any(m.Value)),
        JsonArray items => items.Any(i => i is null || Any(i)),
        _ => false,
    };

    private static IEnumerable<(string Path, string Message)> Below(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.SelectMany(m => m.Value is null
            ? [($"{path}.{m.Key}", $"{path}.{m.Key}: has no value: write one, or remove the line")]
            : Below(m.Value, $"{path}.{m.Key}")),
        JsonArray items => items.SelectMany((item, i) => Below(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"))),
        _ => [],
    };
}
