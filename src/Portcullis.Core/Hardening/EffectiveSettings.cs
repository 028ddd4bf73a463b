using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>The settings of an engine that starts with this file: from the file, else from the flags of the running dockerd.</summary>
internal sealed record EffectiveSettings(JsonObject File, DaemonFlags Flags, EngineVersion Version)
{
    public bool IsInSwarm { get; init; }

    /// <summary>Paths that do not exist on the node.</summary>
    public IReadOnlySet<string> MissingPaths { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    public bool IsOn(string key, bool otherwise) =>
        File[key] is JsonValue value && value.TryGetValue(out bool set) ? set
        : Flags.ValueOf(key) is { } text ? text is "true" or "1" or "t" or "T" or "TRUE" or "True"
        : otherwise;

    /// <summary>Null when it is empty or not set.</summary>
    public string? Text(string key) =>
        (File[key] is JsonValue value && value.TryGetValue(out string? text) ? text : Flags.ValueOf(key)) is { Length: > 0 } found ? found : null;
}
