using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>What the engine shows of its settings; a part that was not asked for is null.</summary>
public sealed record EngineSettings(EngineVersion Version, JsonObject? Info)
{
    /// <summary>The options of the network <c>bridge</c>; null when the engine has none.</summary>
    public JsonObject? BridgeOptions { get; init; }

    /// <summary>The attributes of the last event <c>reload</c> of this engine process.</summary>
    public IReadOnlyDictionary<string, string>? ReloadEvent { get; init; }
}
