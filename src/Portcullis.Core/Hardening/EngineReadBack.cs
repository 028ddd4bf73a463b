using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Hardening;

/// <summary>Compares desired keys with what the engine shows: an exit code proves nothing.</summary>
public static class EngineReadBack
{
    public static KeyReading Read(string key, JsonNode wanted, EngineSettings settings)
    {
        var place = DaemonKeys.Find(key) is { } known && settings.Version >= known.ReadBackSince ? known.ReadBack : ReadBackPlace.None;
        var shown = place switch
        {
            ReadBackPlace.Info when settings.Info is { } info => FromInfo(key, info),
            ReadBackPlace.BridgeNetwork when settings.BridgeOptions is { } options => FromBridge(options),
            ReadBackPlace.ReloadEvent when settings.ReloadEvent is { } attributes => FromEvent(wanted, attributes.GetValueOrDefault(key)),
            _ => null,
        };
        var from = shown is null ? "file" : place switch
        {
            ReadBackPlace.Info => "info",
            ReadBackPlace.BridgeNetwork => "network",
            _ => "event",
        };
        return new KeyReading(key, shown, from, shown is null || Agrees(key, wanted, shown));
    }

    /// <summary>Whether an engine shows the whole value of a key: of some it shows only names, or that there is a value, or more than was set.</summary>
    public static bool IsWhole(string key) => key is not ("insecure-registries" or "runtimes" or "seccomp-profile" or "userns-remap");

    private static JsonNode? FromInfo(string key, JsonObject info) => key switch
    {
        "authorization-plugins" => Clone(info.Object("Plugins")?["Authorization"]) ?? new JsonArray(),
        "data-root" => Clone(info["DockerRootDir"]),
        "debug" => Clone(info["Debug"]),
        "default-runtime" => Clone(info["DefaultRuntime"]),
        "experimental" => Clone(info["ExperimentalBuild"]),
        "insecure-registries" => Insecure(info),
        "labels" => Clone(info["Labels"]) ?? new JsonArray(),
        "live-restore" => Clone(info["LiveRestoreEnabled"]),
        "log-driver" => Clone(info["LoggingDriver"]),
        "no-new-privileges" => HasSecurityOption(info, "no-new-privileges"),
        "registry-mirrors" => Clone(info.Object("RegistryConfig")?["Mirrors"]) ?? new JsonArray(),
        "runtimes" => Runtimes(info),
        "seccomp-profile" => Seccomp(info),
        "selinux-enabled" => HasSecurityOption(info, "selinux"),
        "storage-driver" => Clone(info["Driver"]),
        "userns-remap" => HasSecurityOption(info, "userns"),
        _ => null,
    };

    private static bool Agrees(string key, JsonNode wanted, JsonNode shown) => key switch
    {
        // /info adds defaults: 127.0.0.0/8, the runtimes that ship with the engine.
        "insecure-registries" => Texts(wanted).IsSubsetOf(Texts(shown)),
        "runtimes" => wanted is JsonObject asked && shown is JsonObject has && asked.All(p => has.ContainsKey(p.Key)),
        "labels" or "authorization-plugins" => Texts(wanted).SetEquals(Texts(shown)),
        "registry-mirrors" => Texts(wanted).Select(m => m.TrimEnd('/')).ToHashSet(StringComparer.Ordinal).SetEquals(Texts(shown).Select(m => m.TrimEnd('/'))),

        // Only whether there is a value is shown, not which.
        "userns-remap" => (wanted.GetValue<string>().Length > 0) == shown.GetValue<bool>(),
        "seccomp-profile" => wanted.GetValue<string>() is not ("" or "default" or "builtin" or "unconfined") || shown.GetValue<string>().Length > 0,
        "log-driver" or "storage-driver" or "data-root" or "default-runtime" => wanted.GetValue<string>() == shown.GetValue<string>(),
        _ => JsonNode.DeepEquals(wanted, shown),
    };

    private static JsonValue? FromBridge(JsonObject options) =>
        options.String("com.docker.network.bridge.enable_icc") is { } text ? JsonValue.Create(text == "true") : null;

    /// <summary>Attributes are text: numbers plain, lists as JSON.</summary>
    private static JsonNode? FromEvent(JsonNode wanted, string? text)
    {
        if (text is null)
        {
            return null;
        }

        return wanted.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.Number when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
                JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture)),
            System.Text.Json.JsonValueKind.Array => JsonNode.Parse(text),
            System.Text.Json.JsonValueKind.String => JsonValue.Create(text),
            _ => null,
        };
    }

    private static JsonArray Insecure(JsonObject info)
    {
        var config = info.Object("RegistryConfig");
        var ranges = Texts(config?["InsecureRegistryCIDRs"]);
        var hosts = (config.Object("IndexConfigs") ?? []).Where(p => p.Value?["Secure"] is JsonValue secure && secure.TryGetValue(out bool yes) && !yes);
        return [.. ranges.Concat(hosts.Select(h => h.Key)).Order(StringComparer.Ordinal).Select(t => (JsonNode)JsonValue.Create(t))];
    }

    private static JsonObject? Runtimes(JsonObject info)
    {
        var runtimes = info.Object("Runtimes")?.DeepClone() as JsonObject;
        runtimes?.Remove("runc");
        return runtimes;
    }

    private static JsonValue Seccomp(JsonObject info) =>
        Texts(info["SecurityOptions"]).FirstOrDefault(o => o.StartsWith("name=seccomp", StringComparison.Ordinal)) is { } option
            ? JsonValue.Create(option[(option.LastIndexOf('=') + 1)..])
            : JsonValue.Create("");

    private static JsonValue HasSecurityOption(JsonObject info, string name) =>
        JsonValue.Create(Texts(info["SecurityOptions"]).Any(o => o == $"name={name}" || o.StartsWith($"name={name},", StringComparison.Ordinal)));

    private static HashSet<string> Texts(JsonNode? list) =>
        list is JsonArray array
            ? array.OfType<JsonValue>().Where(v => v.TryGetValue(out string? _)).Select(v => v.GetValue<string>()).ToHashSet(StringComparer.Ordinal)
            : [];

    private static JsonNode? Clone(JsonNode? node) => node?.DeepClone();
}
