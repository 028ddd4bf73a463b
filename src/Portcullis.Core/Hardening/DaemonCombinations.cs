using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>
/// What would stop an engine although each key is right by itself: moby's verifyDaemonSettings and IsSwarmCompatible, flags given twice,
/// paths that are not there. A SIGHUP accepts most of these; the next start does not.
/// </summary>
internal static class DaemonCombinations
{
    /// <summary>Problems with the keys that concern them, so that the caller can tell whose they are.</summary>
    public static IEnumerable<(IReadOnlyList<string> Keys, string Message)> Check(JsonObject file, EngineVersion version, HardeningObservation observed)
    {
        var flags = observed.Flags;
        var swarm = observed.Engine?.SwarmActive == true;
        foreach (var key in file.Select(p => p.Key).Where(k => flags.ValueOf(k) is not null && DaemonKeys.Find(k)?.MergesWithFlag != true))
        {
            var flag = DaemonKeys.Find(key)!.FlagName;
            yield return ([key], $"{key} is also given to the running dockerd as --{flag}, and an engine does not start with both: remove the flag from its unit first");
        }

        if (!Flag(file, flags, "icc", true) && !Flag(file, flags, "iptables", true))
        {
            yield return (["icc", "iptables"], flags.ValueOf("iptables") is null
                ? "icc=false needs iptables, and iptables is false: an engine reloads with it but does not start again; set iptables=true or leave icc out"
                : "icc=false needs iptables, and the running dockerd has --iptables=false: an engine reloads with it but does not start again; remove the flag from its unit or leave icc out");
        }

        if (Flag(file, flags, "ip6tables", false) && version < new EngineVersion(27, 0, 0) && !Flag(file, flags, "experimental", false))
        {
            yield return (["ip6tables"], $"ip6tables on engine {version} starts with experimental=true alone");
        }

        if (version.Major >= 27 && !Flag(file, flags, "icc", true) && Flag(file, flags, "ipv6", false) && !Flag(file, flags, "ip6tables", true))
        {
            yield return (["icc", "ip6tables", "ipv6"], "icc=false with ipv6 needs ip6tables, which is false: set ip6tables=true or leave icc out");
        }

        if (swarm && Flag(file, flags, "live-restore", false))
        {
            yield return (["live-restore"], "live-restore is incompatible with swarm mode, which is active on this node: leave it out");
        }

        if (swarm && Text(file, flags, "firewall-backend") == "nftables" && file["features"]?["swarm-nftables"]?.GetValueKind() != System.Text.Json.JsonValueKind.True)
        {
            yield return (["firewall-backend"], "firewall-backend=nftables is incompatible with swarm mode, which is active on this node: write iptables");
        }

        foreach (var other in (string[])["bip", "bip6"])
        {
            if (Text(file, flags, "bridge") is not null && Text(file, flags, other) is not null)
            {
                yield return (["bridge", other], flags.ValueOf("bridge") is null
                    ? $"bridge and {other} exclude each other: keep one"
                    : $"{other} and bridge exclude each other, and the running dockerd has --bridge: remove the flag from its unit or leave {other} out");
            }
        }

        if (file.ContainsKey("host-gateway-ip") && file.ContainsKey("host-gateway-ips"))
        {
            yield return (["host-gateway-ip", "host-gateway-ips"], "host-gateway-ip and host-gateway-ips exclude each other: keep host-gateway-ips");
        }

        if (UnknownRuntime(file, flags, version) is { } runtime)
        {
            yield return (["default-runtime"], $"default-runtime {runtime} is not among runtimes: add it there");
        }

        foreach (var key in file.Select(p => p.Key).Where(k => DaemonKeys.Find(k)?.IsPath == true && Text(file, flags, k) is { } path && observed.MissingPaths.Contains(path)))
        {
            yield return ([key], $"{key} names {Text(file, flags, key)}, which is not on this node: put it there first");
        }
    }

    private static string? UnknownRuntime(JsonObject file, DaemonFlags flags, EngineVersion version)
    {
        // From 23.0 on any shim on the path will do.
        var runtime = Text(file, flags, "default-runtime");
        var known = runtime is null or "runc" or "io.containerd.runc.v2" or "io.containerd.runtime.v1.linux" || version.Major >= 23
            || file["runtimes"] is JsonObject runtimes && runtimes.ContainsKey(runtime);
        return known ? null : runtime;
    }

    private static bool Flag(JsonObject file, DaemonFlags flags, string key, bool otherwise) =>
        file[key] is JsonValue value && value.TryGetValue(out bool set) ? set
        : flags.ValueOf(key) is { } text ? text is "true" or "1" or "t" or "T" or "TRUE" or "True"
        : otherwise;

    private static string? Text(JsonObject file, DaemonFlags flags, string key) =>
        (file[key] is JsonValue value && value.TryGetValue(out string? text) ? text : flags.ValueOf(key)) is { Length: > 0 } found ? found : null;
}
