using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>
/// Keeps authorization plugins that are in force in daemon.json: after a reload without them the engine would accept every request.
/// </summary>
internal static class PluginGuard
{
    public const string Key = "authorization-plugins";

    /// <summary>Plugins in force that this file does not have. Those given by a flag are not the file's.</summary>
    public static IReadOnlyList<string> Dropped(DaemonJson file, HardeningObservation observed) =>
        observed.Flags.ValueOf(Key) is not null ? [] : [.. InForce(observed).Except(Strings(file.Values[Key]), StringComparer.Ordinal)];

    /// <summary>The list that is ours, no longer declared, and still in force; null when there is none.</summary>
    public static OwnedKey? NoLongerDeclared(DesiredConfiguration desired, HardeningObservation observed) =>
        observed.Owned.TryGetValue(Key, out var owned) && !desired.Keys.ContainsKey(Key) && !desired.Held.Contains(Key) && InForce(observed).Count > 0
            ? owned
            : null;

    public static Refusal Refuse(string hardening, IEnumerable<string> plugins) => Refusal.Of(
        hardening, Key, $"{Key} would no longer contain {string.Join(", ", plugins)}, and after a reload the engine would accept every request: keep it in the list");

    public static IReadOnlyList<string> Strings(JsonNode? list) =>
        list is JsonArray array ? [.. array.OfType<JsonValue>().Where(v => v.TryGetValue(out string? _)).Select(v => v.GetValue<string>())] : [];

    private static IReadOnlyList<string> InForce(HardeningObservation observed) =>
        observed.Engine?.AuthorizationPlugins ?? [];
}
