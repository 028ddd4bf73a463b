using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Hardening;

/// <summary>What the engine itself says of its settings; a null part was not asked.</summary>
public sealed record EngineAnswers(EngineVersion Version, JsonObject? Info)
{
    /// <summary>The options of the network <c>bridge</c>; null when the engine has none.</summary>
    public JsonObject? BridgeOptions { get; init; }

    /// <summary>The attributes of the last event <c>reload</c>, of this engine process.</summary>
    public IReadOnlyDictionary<string, string>? ReloadEvent { get; init; }
}

/// <summary>A key as the engine shows it. <see cref="Seen"/> is null when it does not.</summary>
public sealed record KeyReading(string Key, JsonNode? Seen, string ReadFrom, bool Agrees);

/// <summary>Compares keys asked for with what the engine answers: an exit code proves nothing.</summary>
public static class EngineReadBack
{
    public static KeyReading Read(string key, JsonNode wanted, EngineAnswers answers)
    {
        var place = DaemonKeys.Find(key) is { } known && answers.Version >= known.ReadBackSince ? known.ReadBack : ReadBackPlace.None;
        var seen = place switch
        {
            ReadBackPlace.Info when answers.Info is { } info => FromInfo(key, info),
            ReadBackPlace.BridgeNetwork when answers.BridgeOptions is { } options => FromBridge(options),
            ReadBackPlace.ReloadEvent when answers.ReloadEvent is { } attributes => FromEvent(wanted, attributes.GetValueOrDefault(key)),
            _ => null,
        };
        var from = seen is null ? "file" : place switch
        {
            ReadBackPlace.Info => "info",
            ReadBackPlace.BridgeNetwork => "network",
            _ => "event",
        };
        return new KeyReading(key, seen, from, seen is null || Agrees(key, wanted, seen));
    }

    /// <summary>Whether what an engine shows of a key is all of it: of some only names, or that there is any, or more than was asked for.</summary>
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

    private static bool Agrees(string key, JsonNode wanted, JsonNode seen) => key switch
    {
        // /info adds what it has besides: 127.0.0.0/8, the runtimes that ship with the engine.
        "insecure-registries" => Texts(wanted).IsSubsetOf(Texts(seen)),
        "runtimes" => wanted is JsonObject asked && seen is JsonObject has && asked.All(p => has.ContainsKey(p.Key)),
        "labels" or "authorization-plugins" => Texts(wanted).SetEquals(Texts(seen)),
        "registry-mirrors" => Texts(wanted).Select(m => m.TrimEnd('/')).ToHashSet(StringComparer.Ordinal).SetEquals(Texts(seen).Select(m => m.TrimEnd('/'))),

        // Only whether there is any can be seen, not which.
        "userns-remap" => (wanted.GetValue<string>().Length > 0) == seen.GetValue<bool>(),
        "seccomp-profile" => wanted.GetValue<string>() is not ("" or "default" or "builtin" or "unconfined") || seen.GetValue<string>().Length > 0,
        "log-driver" or "storage-driver" or "data-root" or "default-runtime" => wanted.GetValue<string>() == seen.GetValue<string>(),
        _ => JsonNode.DeepEquals(wanted, seen),
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
