using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>
/// The switches of <c>features</c>. A SIGHUP replaces the whole map, but an engine asks for most switches once, at its start: only those that
/// it asks for again at each request are in force after a reload (moby daemon.Features, used by the build router).
/// </summary>
internal static class DaemonFeatures
{
    public const string Key = "features";
    private const string Snapshotter = "containerd-snapshotter";
    private const string BuildKit = "buildkit";

    /// <summary>What is in force after a SIGHUP. A switch that is not known to be reloadable keeps the value of the engine's start.</summary>
    public static JsonNode? AfterReload(JsonNode? written, JsonNode? loaded)
    {
        var after = AtStart(loaded);
        foreach (var (name, value) in written as JsonObject ?? [])
        {
            if (IsReloadable(name))
            {
                after[name] = value?.DeepClone();
            }
            else if (loaded is not (null or JsonObject))
            {
                after[name] = ReloadEffect.UnknownMark;
            }
        }

        return after.Count == 0 ? null : after;
    }

    /// <summary>What is in force after a SIGHUP that read another file.</summary>
    public static JsonObject AfterForeignReload(JsonNode? written, JsonNode? loaded)
    {
        var after = (JsonObject?)AfterReload(written, loaded) ?? [];
        if (after.ContainsKey(BuildKit) || loaded?[BuildKit] is not null)
        {
            after[BuildKit] = ReloadEffect.UnknownMark;
        }

        return after;
    }

    /// <summary>Switches of which only the names are known.</summary>
    public static JsonObject Unknown(JsonObject written) =>
        new(written.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)ReloadEffect.UnknownMark)));

    /// <summary>The image store, by which one sees whether the switch is in force; the others are not shown.</summary>
    public static JsonObject? FromInfo(JsonNode wanted, JsonObject info) =>
        wanted is JsonObject switches && switches.ContainsKey(Snapshotter) && info.ContainsKey("Driver")
            ? new JsonObject { [Snapshotter] = UsesSnapshotter(info) }
            : null;

    /// <summary>Reads <c>map[buildkit:true other:false]</c>, of which only reloadable switches are in force.</summary>
    public static JsonObject? FromEvent(JsonNode wanted, string? text)
    {
        if (wanted is not JsonObject switches || !switches.ContainsKey(BuildKit) || text?.StartsWith("map[", StringComparison.Ordinal) != true)
        {
            return null;
        }

        var pairs = text["map[".Length..].TrimEnd(']').Split(' ');
        return pairs.Contains($"{BuildKit}:true", StringComparer.Ordinal) ? new JsonObject { [BuildKit] = true }
            : pairs.Contains($"{BuildKit}:false", StringComparer.Ordinal) ? new JsonObject { [BuildKit] = false }
            : null;
    }

    private static bool IsReloadable(string name) => name == BuildKit;

    private static JsonObject AtStart(JsonNode? loaded) => new((loaded as JsonObject ?? [])
        .Where(p => !IsReloadable(p.Key)).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));

    private static bool UsesSnapshotter(JsonObject info) => info["DriverStatus"] is JsonArray rows
        && rows.OfType<JsonArray>().Any(r => r.Count == 2 && r[0]?.GetValue<string>() == "driver-type" && r[1]?.GetValue<string>().StartsWith("io.containerd.snapshotter", StringComparison.Ordinal) == true);
}
