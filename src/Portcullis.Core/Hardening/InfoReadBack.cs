using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Hardening;

/// <summary>Reads the value of a key from <c>GET /info</c>, in the form that the key has in daemon.json; null when it is not shown.</summary>
internal static class InfoReadBack
{
    public static JsonNode? Read(string key, JsonNode wanted, JsonObject info) => key switch
    {
        "authorization-plugins" => Clone(info.Object("Plugins")?["Authorization"]) ?? new JsonArray(),
        "cdi-spec-dirs" => Clone(info["CDISpecDirs"]),
        "containerd" => Clone(info.Object("Containerd")?["Address"]),
        "containerd-namespace" => Clone(info.Object("Containerd").Object("Namespaces")?["Containers"]),
        "data-root" => Clone(info["DockerRootDir"]),
        "debug" => Clone(info["Debug"]),
        "default-address-pools" => AddressPools(info),
        "default-runtime" => Clone(info["DefaultRuntime"]),
        "exec-opts" => info.String("CgroupDriver") is { Length: > 0 } driver ? new JsonArray($"native.cgroupdriver={driver}") : null,
        "experimental" => Clone(info["ExperimentalBuild"]),
        DaemonFeatures.Key => DaemonFeatures.FromInfo(wanted, info),
        "firewall-backend" => info.Object("FirewallBackend").String("Driver") is { Length: > 0 } backend ? JsonValue.Create(backend.Split('+')[0]) : null,
        "init-path" => Clone(info["InitBinary"]),
        "insecure-registries" => Insecure(info),
        "labels" => Clone(info["Labels"]) ?? new JsonArray(),
        "live-restore" => Clone(info["LiveRestoreEnabled"]),
        "log-driver" => Clone(info["LoggingDriver"]),
        "no-new-privileges" => HasSecurityOption(info, "no-new-privileges"),
        "node-generic-resources" => GenericResources(info),
        "proxies" => Proxies(info),
        "registry-mirrors" => Clone(info.Object("RegistryConfig")?["Mirrors"]) ?? new JsonArray(),
        "runtimes" => Runtimes(info),
        "seccomp-profile" => Seccomp(info),
        "selinux-enabled" => HasSecurityOption(info, "selinux"),
        "storage-driver" => Clone(info["Driver"]),
        "userns-remap" => HasSecurityOption(info, "userns"),
        _ => null,
    };

    private static JsonArray? AddressPools(JsonObject info) => info["DefaultAddressPools"] is not JsonArray pools ? null :
    [
        .. pools.OfType<JsonObject>().Select(p => (JsonNode)new JsonObject { ["base"] = Clone(p["Base"]), ["size"] = Clone(p["Size"]) }),
    ];

    /// <summary>Each resource is an object with one member, which says whether it is named or counted.</summary>
    private static JsonArray? GenericResources(JsonObject info) => info["GenericResources"] is not JsonArray resources ? null :
    [
        .. resources.OfType<JsonObject>().SelectMany(r => r).Select(r => (JsonNode)JsonValue.Create($"{r.Value?["Kind"]}={r.Value?["Value"]}")),
    ];

    /// <summary>From the file, else from the environment of the engine.</summary>
    private static JsonObject? Proxies(JsonObject info) => !info.ContainsKey("HttpProxy") ? null : new JsonObject
    {
        ["http-proxy"] = info.String("HttpProxy") ?? "",
        ["https-proxy"] = info.String("HttpsProxy") ?? "",
        ["no-proxy"] = info.String("NoProxy") ?? "",
    };

    private static JsonArray Insecure(JsonObject info)
    {
        var config = info.Object("RegistryConfig");
        var ranges = JsonTexts.Of(config?["InsecureRegistryCIDRs"]);
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
        JsonTexts.Of(info["SecurityOptions"]).FirstOrDefault(o => o.StartsWith("name=seccomp", StringComparison.Ordinal)) is { } option
            ? JsonValue.Create(option[(option.LastIndexOf('=') + 1)..])
            : JsonValue.Create("");

    private static JsonValue HasSecurityOption(JsonObject info, string name) =>
        JsonValue.Create(JsonTexts.Of(info["SecurityOptions"]).Any(o => o == $"name={name}" || o.StartsWith($"name={name},", StringComparison.Ordinal)));

    private static JsonNode? Clone(JsonNode? node) => node?.DeepClone();
}
