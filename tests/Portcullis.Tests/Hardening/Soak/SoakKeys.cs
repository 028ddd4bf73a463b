using System.Text.Json.Nodes;

namespace Portcullis.Tests.Hardening.Soak;

/// <summary>The keys that the soak plays with, what engine 20.10 does without them, and where it can be seen that they are in force.</summary>
internal static class SoakKeys
{
    /// <summary>By hardening, whose home they are; two of them may still disagree, since each may ask for a key of another's.</summary>
    public static readonly IReadOnlyList<IReadOnlyDictionary<string, string[]>> Homes =
    [
        new Dictionary<string, string[]> { ["debug"] = ["true", "false"], ["labels"] = ["[\"z=a\"]", "[\"y=c\", \"z=b\"]"], ["max-concurrent-downloads"] = ["4", "6"] },
        new Dictionary<string, string[]> { ["live-restore"] = ["true", "false"], ["registry-mirrors"] = ["[\"https://m1.example.com/\"]", "[\"https://m2.example.com/\"]"], ["shutdown-timeout"] = ["20", "30"] },
        new Dictionary<string, string[]> { ["log-driver"] = ["\"local\"", "\"none\""], ["experimental"] = ["true"] },
        new Dictionary<string, string[]> { ["insecure-registries"] = ["[\"r1.example.com\"]", "[\"r1.example.com\", \"10.1.0.0/16\"]"], ["max-concurrent-uploads"] = ["2", "9"], ["exec-opts"] = ["[\"native.cgroupdriver=cgroupfs\"]"] },
    ];

    public static readonly IReadOnlyDictionary<string, string[]> Pool = Homes.SelectMany(h => h).ToDictionary(p => p.Key, p => p.Value);

    /// <summary>Refused before anything is written.</summary>
    public static readonly (string Key, string Value)[] Invalid =
    [
        ("log-level", "\"journald\""), ("bogus-key", "true"), ("debug", "\"yes\""), ("icc", "false"), ("storage-driver", "\"overlay2\""), ("labels", "[\"nokey\"]"), ("http-proxy", "\"http://p\""),
    ];

    /// <summary>What only a start brings to light.</summary>
    public static readonly (string Key, string Value) Stopper = ("exec-opts", "[\"native.cgroupdriver=bogus\"]");

    /// <summary>Keys of nobody but the administrator.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Foreign = new Dictionary<string, string[]>
    {
        ["mtu"] = ["1300", "1400", "1450"], ["default-shm-size"] = ["\"64M\"", "\"128M\""], ["dns"] = ["[\"10.0.0.1\"]", "[\"10.0.0.2\"]"], ["max-download-attempts"] = ["3", "7"],
    };

    public static bool NeedsRestart(string key) => key is "log-driver" or "experimental" or "exec-opts";

    public static JsonNode Default(string key) => JsonNode.Parse(key switch
    {
        "debug" or "live-restore" or "experimental" => "false",
        "max-concurrent-downloads" => "3",
        "max-concurrent-uploads" => "5",
        "shutdown-timeout" => "15",
        "log-driver" => "\"json-file\"",
        "exec-opts" => "[\"native.cgroupdriver=cgroupfs\"]",
        _ => "[]",
    })!;

    /// <summary>The value in force, by the engine's own words; null when it does not say.</summary>
    public static JsonNode? Seen(string key, JsonObject info, JsonObject? reload) => key switch
    {
        "debug" => info["Debug"],
        "labels" => new JsonArray([.. (info["Labels"]?.AsArray() ?? []).Select(l => l!.GetValue<string>()).Order(StringComparer.Ordinal).Select(l => (JsonNode)l)]),
        "live-restore" => info["LiveRestoreEnabled"],
        "registry-mirrors" => info["RegistryConfig"]!["Mirrors"] ?? new JsonArray(),
        "log-driver" => info["LoggingDriver"],
        "experimental" => info["ExperimentalBuild"],
        "exec-opts" => new JsonArray($"native.cgroupdriver={info["CgroupDriver"]}"),
        "insecure-registries" => Insecure(info["RegistryConfig"]!.AsObject()),
        _ => reload?[key] is { } text ? JsonNode.Parse(text.GetValue<string>()) : null,
    };

    private static JsonArray Insecure(JsonObject config)
    {
        var hosts = config["IndexConfigs"]!.AsObject().Where(p => p.Value!["Secure"]?.GetValue<bool>() == false).Select(p => p.Key);
        var ranges = config["InsecureRegistryCIDRs"]!.AsArray().Select(r => r!.GetValue<string>()).Where(r => !r.StartsWith("127.", StringComparison.Ordinal));
        return [.. hosts.Order(StringComparer.Ordinal).Concat(ranges).Select(t => (JsonNode)JsonValue.Create(t))];
    }
}
