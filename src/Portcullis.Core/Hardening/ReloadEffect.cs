using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>What a SIGHUP makes of one key.</summary>
internal static class ReloadEffect
{
    /// <summary>Stands for a value in force that is not known; it equals no value of a file.</summary>
    public const string UnknownMark = "\u0000unknown";

    /// <summary>The value in force after a SIGHUP with this file; null for the default of the engine.</summary>
    public static JsonNode? Of(DaemonKey? key, JsonObject file, JsonNode? loaded) => key switch
    {
        { Name: DaemonFeatures.Key } => DaemonFeatures.AfterReload(file[key.Name], loaded),
        { Reload: ReloadBehaviour.Always } => file[key.Name],
        { Reload: ReloadBehaviour.WhenPresent } when file.ContainsKey(key.Name) => file[key.Name],
        _ => loaded,
    };
}
