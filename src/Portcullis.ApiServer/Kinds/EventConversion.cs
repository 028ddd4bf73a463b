using System.Text.Json.Nodes;

namespace Portcullis.ApiServer.Kinds;

/// <summary>Events are one thing in two groups: stored as core/v1, served as events.k8s.io/v1 too.</summary>
internal static class EventConversion
{
    private static readonly (string Core, string Newer)[] Names =
    [
        ("involvedObject", "regarding"), ("message", "note"), ("source", "deprecatedSource"), ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"), ("count", "deprecatedCount"), ("reportingComponent", "reportingController"),
    ];

    public static JsonObject FromCore(JsonObject stored)
    {
        var value = Rename(stored, Names.ToDictionary(n => n.Core, n => n.Newer, StringComparer.Ordinal), "events.k8s.io/v1");
        foreach (var name in new[] { "reportingController", "reportingInstance" })
        {
            if (value[name] is JsonValue text && text.TryGetValue(out string? s) && s.Length == 0)
            {
                value.Remove(name);
            }
        }

        return value;
    }

    public static JsonObject ToCore(JsonObject value)
    {
        var core = Rename(value, Names.ToDictionary(n => n.Newer, n => n.Core, StringComparer.Ordinal), "v1");
        foreach (var name in new[] { "reportingComponent", "reportingInstance" })
        {
            core.TryAdd(name, "");
        }

        return core;
    }

    private static JsonObject Rename(JsonObject value, Dictionary<string, string> names, string apiVersion)
    {
        var renamed = new JsonObject();
        foreach (var (name, member) in value)
        {
            renamed[names.GetValueOrDefault(name, name)] = member?.DeepClone();
        }

        if (renamed.ContainsKey("apiVersion"))
        {
            renamed["apiVersion"] = apiVersion;
        }

        return renamed;
    }
}
