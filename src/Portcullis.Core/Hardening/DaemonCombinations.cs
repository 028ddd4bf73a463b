using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>
/// Settings that stop an engine although each is right by itself: moby's verifyDaemonSettings and IsSwarmCompatible, flags given twice,
/// missing paths. A SIGHUP accepts most of these; the next start does not.
/// </summary>
internal static class DaemonCombinations
{
    private static readonly Func<EffectiveSettings, IEnumerable<DaemonConflict>>[] Rules =
    [
        FlagsGivenTwice, IccWithoutIptables, Ip6tablesNotExperimental, IccWithoutIp6tables, InSwarm, BridgeAddress, GatewayAddresses, UnknownRuntime, MissingPaths,
    ];

    public static IEnumerable<DaemonConflict> Check(JsonObject file, EngineVersion version, HardeningObservation observed)
    {
        var settings = new EffectiveSettings(file, observed.Flags, version) { IsInSwarm = observed.Engine?.SwarmActive == true, MissingPaths = observed.MissingPaths };
        return Rules.SelectMany(rule => rule(settings));
    }

    private static IEnumerable<DaemonConflict> FlagsGivenTwice(EffectiveSettings settings) =>
        from entry in settings.File
        let key = DaemonKeys.Find(entry.Key)
        where key?.MergesWithFlag != true
        from member in key?.Members.Count > 0 ? key.Members.Where(m => entry.Value is JsonObject map && map.ContainsKey(m)) : [entry.Key]
        where settings.Flags.ValueOf(member) is not null
        let flag = key!.Members.Count > 0 ? member : key.FlagName
        select new DaemonConflict(
            [entry.Key], $"{member} is also set by the flag --{flag} of the running dockerd, and an engine does not start with both: remove the flag from its unit first");

    private static IEnumerable<DaemonConflict> IccWithoutIptables(EffectiveSettings settings)
    {
        if (!settings.IsOn("icc", true) && !settings.IsOn("iptables", true))
        {
            yield return new(["icc", "iptables"], settings.Flags.ValueOf("iptables") is null
                ? "icc=false requires iptables, but iptables is false: an engine accepts this on reload and fails at its next start; set iptables=true or remove icc"
                : "icc=false requires iptables, but the running dockerd has --iptables=false: an engine accepts this on reload and fails at its next start; remove the flag from its unit, or remove icc");
        }
    }

    private static IEnumerable<DaemonConflict> Ip6tablesNotExperimental(EffectiveSettings settings)
    {
        if (settings.IsOn("ip6tables", false) && settings.Version < new EngineVersion(27, 0, 0) && !settings.IsOn("experimental", false))
        {
            yield return new(["ip6tables"], $"ip6tables requires experimental=true on engine {settings.Version}");
        }
    }

    private static IEnumerable<DaemonConflict> IccWithoutIp6tables(EffectiveSettings settings)
    {
        if (settings.Version.Major >= 27 && !settings.IsOn("icc", true) && settings.IsOn("ipv6", false) && !settings.IsOn("ip6tables", true))
        {
            yield return new(["icc", "ip6tables", "ipv6"], "icc=false with ipv6 requires ip6tables, but ip6tables is false: set ip6tables=true or remove icc");
        }
    }

    private static IEnumerable<DaemonConflict> InSwarm(EffectiveSettings settings)
    {
        if (settings.IsInSwarm && settings.IsOn("live-restore", false))
        {
            yield return new(["live-restore"], "live-restore is incompatible with swarm mode, which is active on this node: remove live-restore");
        }

        if (settings.IsInSwarm && settings.Text("firewall-backend") == "nftables" && settings.File["features"]?["swarm-nftables"]?.GetValueKind() != JsonValueKind.True)
        {
            yield return new(["firewall-backend"], "firewall-backend=nftables is incompatible with swarm mode, which is active on this node: write iptables");
        }
    }

    private static IEnumerable<DaemonConflict> BridgeAddress(EffectiveSettings settings)
    {
        foreach (var address in (string[])["bip", "bip6"])
        {
            if (settings.Text("bridge") is not null && settings.Text(address) is not null)
            {
                yield return new(["bridge", address], settings.Flags.ValueOf("bridge") is null
                    ? $"bridge and {address} exclude each other: keep one"
                    : $"{address} and bridge exclude each other, and the running dockerd has --bridge: remove the flag from its unit, or remove {address}");
            }
        }
    }

    private static IEnumerable<DaemonConflict> GatewayAddresses(EffectiveSettings settings)
    {
        if (settings.File.ContainsKey("host-gateway-ip") && settings.File.ContainsKey("host-gateway-ips"))
        {
            yield return new(["host-gateway-ip", "host-gateway-ips"], "host-gateway-ip and host-gateway-ips exclude each other: keep host-gateway-ips");
        }
    }

    /// <summary>From 23.0 on an engine accepts any shim in its PATH.</summary>
    private static IEnumerable<DaemonConflict> UnknownRuntime(EffectiveSettings settings)
    {
        var runtime = settings.Text("default-runtime");
        var isKnown = runtime is null or "runc" or "io.containerd.runc.v2" or "io.containerd.runtime.v1.linux" || settings.Version.Major >= 23
            || (settings.File["runtimes"] is JsonObject runtimes && runtimes.ContainsKey(runtime));
        if (!isKnown)
        {
            yield return new(["default-runtime"], $"default-runtime {runtime} is not in runtimes: add it there");
        }
    }

    private static IEnumerable<DaemonConflict> MissingPaths(EffectiveSettings settings) =>
        from key in settings.File.Select(p => p.Key)
        where DaemonKeys.Find(key)?.IsPath == true
        let path = settings.Text(key)
        where path is not null && settings.MissingPaths.Contains(path)
        select new DaemonConflict([key], $"{key} is {path}, which does not exist on this node: create it first");
}
