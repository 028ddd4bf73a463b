using System.Collections.Frozen;
using System.Text.Json.Nodes;
using static Portcullis.Core.Hardening.DaemonKeyType;

namespace Portcullis.Core.Hardening;

/// <summary>
/// Every key of daemon.json: the JSON tags of the configuration structure in moby's source at v18.09.0 … docker-v29.8 (daemon/config), as far
/// as a flag of cmd/dockerd has the same name, and its daemon/reload.go. An engine compares the names in the file with its flags, but reads only
/// the tags: names that it accepts and never reads are in <see cref="Corrections"/> and <see cref="OnlyFlags"/>. A test compares the table with
/// the configuration that real engines log.
/// </summary>
public static class DaemonKeys
{
    private static readonly EngineVersion V19 = new(19, 3, 0);
    private static readonly EngineVersion V20 = new(20, 10, 0);
    private static readonly EngineVersion V23 = new(23, 0, 0);
    private static readonly EngineVersion V24 = new(24, 0, 0);
    private static readonly EngineVersion V25 = new(25, 0, 0);
    private static readonly EngineVersion V26 = new(26, 0, 0);
    private static readonly EngineVersion V28 = new(28, 0, 0);
    private static readonly EngineVersion V29 = new(29, 0, 0);

    /// <summary>The levels of every engine (logrus).</summary>
    public static IReadOnlyList<string> LogLevels { get; } = ["debug", "info", "warn", "error", "fatal"];

    /// <summary>Log drivers of the engine, which are sometimes written in <c>log-level</c> by mistake.</summary>
    public static IReadOnlyList<string> LogDrivers { get; } =
    [
        "awslogs", "etwlogs", "fluentd", "gcplogs", "gelf", "journald", "json-file", "local", "logentries", "none", "splunk", "syslog",
    ];

    public static IReadOnlyList<DaemonKey> All { get; } =
    [
        // Applied by SIGHUP.
        new("allow-nondistributable-artifacts", TextList) { Reload = ReloadBehaviour.WhenPresent, Default = List(), IgnoredSince = V28, ReadBack = ReadBackPlace.ReloadEvent },
        new("authorization-plugins", TextList) { Reload = ReloadBehaviour.Always, Flag = "authorization-plugin", ReadBack = ReadBackPlace.Info },
        new("debug", DaemonKeyType.Boolean) { Reload = ReloadBehaviour.WhenPresent, Default = false, ReadBack = ReadBackPlace.Info },
        new("default-cgroupns-mode", Text) { Since = V20, Reload = ReloadBehaviour.WhenPresent, Values = ["host", "private"], ReadBack = ReadBackPlace.ReloadEvent },
        new("default-ipc-mode", Text) { Reload = ReloadBehaviour.WhenPresent, Default = "private", DefaultSince = V19, Values = ["private", "shareable"], ReadBack = ReadBackPlace.ReloadEvent },
        new("default-runtime", Text) { Reload = ReloadBehaviour.WhenPresent, Default = "runc", ReadBack = ReadBackPlace.Info },
        new("default-shm-size", Text) { Reload = ReloadBehaviour.WhenPresent, Default = "64M", ReadBack = ReadBackPlace.ReloadEvent },
        new("default-stop-timeout", Integer) { Since = new(29, 7, 0), Reload = ReloadBehaviour.WhenPresent, Default = 10, Minimum = 0, ReadBack = ReadBackPlace.ReloadEvent },
        new(DaemonFeatures.Key, BooleanMap) { Reload = ReloadBehaviour.Always, Default = new JsonObject(), Flag = "feature", ReadBack = ReadBackPlace.Info },
        new("insecure-registries", TextList) { Reload = ReloadBehaviour.WhenPresent, Default = List(), Flag = "insecure-registry", ReadBack = ReadBackPlace.Info },
        new("labels", TextList) { Reload = ReloadBehaviour.WhenPresent, Default = List(), Flag = "label", ReadBack = ReadBackPlace.Info },
        new("live-restore", DaemonKeyType.Boolean) { Reload = ReloadBehaviour.WhenPresent, Default = false, ReadBack = ReadBackPlace.Info },
        new("max-concurrent-downloads", Integer) { Reload = ReloadBehaviour.Always, Default = 3, Minimum = 0, ReadBack = ReadBackPlace.ReloadEvent },
        new("max-concurrent-uploads", Integer) { Reload = ReloadBehaviour.Always, Default = 5, Minimum = 0, ReadBack = ReadBackPlace.ReloadEvent },
        new("max-download-attempts", Integer) { Since = V20, Reload = ReloadBehaviour.Always, Default = 5, Minimum = 1, ReadBack = ReadBackPlace.ReloadEvent },
        new("network-diagnostic-port", Integer) { Reload = ReloadBehaviour.Always, Default = 0, Minimum = 0 },
        new("nri-opts", Mapping) { Since = new(29, 2, 0), Reload = ReloadBehaviour.Always, Default = new JsonObject() },
        new("registry-mirrors", TextList) { Reload = ReloadBehaviour.WhenPresent, Default = List(), Flag = "registry-mirror", ReadBack = ReadBackPlace.Info },
        new("runtimes", Mapping) { Reload = ReloadBehaviour.WhenPresent, Default = new JsonObject(), Flag = "add-runtime", MergesWithFlag = true, ReadBack = ReadBackPlace.Info },
        new("shutdown-timeout", Integer) { Reload = ReloadBehaviour.WhenPresent, Default = 15, ReadBack = ReadBackPlace.ReloadEvent },

        // Applied by a restart.
        new("allow-direct-routing", DaemonKeyType.Boolean) { Since = new(28, 2, 0), Default = false },
        new("api-cors-header", Text) { Until = V29, Instead = "put a reverse proxy before the API" },
        new("apparmor-profile", Text) { Since = new(29, 8, 0), IsPath = true },
        new("bip", Text),
        new("bip6", Text) { Since = V28 },
        new("bridge", Text),
        new("bridge-accept-fwmark", Text) { Since = V29 },
        new("builder", Mapping),
        new("cdi-spec-dirs", TextList) { Since = V25, Flag = "cdi-spec-dir", ReadBack = ReadBackPlace.Info },
        new("cgroup-parent", Text),
        new("cluster-advertise", Text) { Until = V23, Instead = "Swarm classic was removed: use swarm mode" },
        new("cluster-store", Text) { Until = V23, Instead = "Swarm classic was removed: use swarm mode" },
        new("cluster-store-opts", TextMap) { Until = V23, Flag = "cluster-store-opt", Sensitive = true, Instead = "Swarm classic was removed: use swarm mode" },
        new("containerd", Text) { ReadBack = ReadBackPlace.Info },
        new("containerd-namespace", Text) { Since = new(19, 3, 3), ReadBack = ReadBackPlace.Info },
        new("cpu-rt-period", Integer),
        new("cpu-rt-runtime", Integer),
        new("cri-containerd", DaemonKeyType.Boolean),
        new("data-root", Text) { ReadBack = ReadBackPlace.Info },
        new("default-address-pools", ObjectList) { Flag = "default-address-pool", ReadBack = ReadBackPlace.Info },
        new("default-gateway", Text),
        new("default-gateway-v6", Text),
        new("default-network-opts", Mapping) { Since = V24, Flag = "default-network-opt" },
        new("default-ulimits", Mapping) { Flag = "default-ulimit" },
        new("deprecated-key-path", Text) { IgnoredSince = V24 },
        new("disable-legacy-registry", DaemonKeyType.Boolean) { Until = V19, Values = ["true"], Instead = "delete the line: registry v1 is off in every engine since 17.06" },
        new("dns", TextList),
        new("dns-opts", TextList) { Flag = "dns-opt" },
        new("dns-search", TextList),
        new("exec-opts", TextList) { Flag = "exec-opt", ReadBack = ReadBackPlace.Info },
        new("exec-root", Text),
        new("experimental", DaemonKeyType.Boolean) { Default = false, ReadBack = ReadBackPlace.Info },
        new("firewall-backend", Text) { Since = V29, Values = ["iptables", "nftables"], ReadBack = ReadBackPlace.Info },
        new("fixed-cidr", Text),
        new("fixed-cidr-v6", Text),
        new("graph", Text) { Until = V23, Instead = "use data-root" },
        new("group", Text),
        new("host-gateway-ip", Text) { Since = V20 },
        new("host-gateway-ips", TextList) { Since = V28, Flag = "host-gateway-ip" },
        new("hosts", TextList) { Flag = "host" },
        new("icc", DaemonKeyType.Boolean) { Default = true, ReadBack = ReadBackPlace.BridgeNetwork },
        new("init", DaemonKeyType.Boolean) { Default = false },
        new("init-path", Text) { IsPath = true, ReadBack = ReadBackPlace.Info },
        new("ip", Text) { ReadBack = ReadBackPlace.BridgeNetwork },
        new("ip-forward", DaemonKeyType.Boolean) { Default = true },
        new("ip-forward-no-drop", DaemonKeyType.Boolean) { Since = V28, Default = false },
        new("ip-masq", DaemonKeyType.Boolean) { Default = true, ReadBack = ReadBackPlace.BridgeNetwork },
        new("ip6tables", DaemonKeyType.Boolean) { Since = V20 },
        new("iptables", DaemonKeyType.Boolean) { Default = true },
        new("ipv6", DaemonKeyType.Boolean) { Default = false },
        new("log-driver", Text) { Default = "json-file", ReadBack = ReadBackPlace.Info },
        new("log-format", Text) { Since = V25, Values = ["json", "text"] },
        new("log-level", Text) { Default = "info", Values = LogLevels },
        new("log-opts", TextMap) { Flag = "log-opt", Sensitive = true },
        new("metrics-addr", Text),
        new("min-api-version", Text) { Since = V29 },
        new("mtu", Integer) { ReadBack = ReadBackPlace.BridgeNetwork },
        new("network-control-plane-mtu", Integer),
        new("no-new-privileges", DaemonKeyType.Boolean) { Default = false, ReadBack = ReadBackPlace.Info, ReadBackSince = V24 },
        new("node-generic-resources", TextList) { Flag = "node-generic-resource", ReadBack = ReadBackPlace.Info },
        new("oom-score-adjust", Integer) { Until = V26, Instead = "set OOMScoreAdjust= in the engine's systemd unit" },
        new("pidfile", Text),
        new("proxies", TextMap) { Since = V23, Sensitive = true, Members = ["http-proxy", "https-proxy", "no-proxy"], ReadBack = ReadBackPlace.Info },
        new("raw-logs", DaemonKeyType.Boolean),
        new("rootless", DaemonKeyType.Boolean) { Since = V19 },
        new("seccomp-profile", Text) { IsPath = true, ReadBack = ReadBackPlace.Info },
        new("selinux-enabled", DaemonKeyType.Boolean) { Default = false, ReadBack = ReadBackPlace.Info },
        new("storage-driver", Text) { ReadBack = ReadBackPlace.Info },
        new("storage-opts", TextList) { Flag = "storage-opt" },
        new("swarm-default-advertise-addr", Text),
        new("tls", DaemonKeyType.Boolean),
        new("tlscacert", Text) { IsPath = true },
        new("tlscert", Text) { IsPath = true },
        new("tlskey", Text) { IsPath = true },
        new("tlsverify", DaemonKeyType.Boolean),
        new("userland-proxy", DaemonKeyType.Boolean) { Default = true },
        new("userland-proxy-path", Text) { IsPath = true },
        new("userns-remap", Text) { ReadBack = ReadBackPlace.Info },
    ];

    /// <summary>
    /// Names that are wrong on every engine, and the right ones. Most are names of flags.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Corrections { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["add-runtime"] = "runtimes",
        ["authorization-plugin"] = "authorization-plugins",
        ["cdi-spec-dir"] = "cdi-spec-dirs",
        ["default-address-pool"] = "default-address-pools",
        ["default-network-opt"] = "default-network-opts",
        ["default-ulimit"] = "default-ulimits",
        ["dns-opt"] = "dns-opts",
        ["exec-opt"] = "exec-opts",
        ["feature"] = "features",
        ["host"] = "hosts",
        ["http-proxy"] = "proxies.http-proxy",
        ["https-proxy"] = "proxies.https-proxy",
        ["no-proxy"] = "proxies.no-proxy",
        ["insecure-registry"] = "insecure-registries",
        ["label"] = "labels",
        ["log-opt"] = "log-opts",
        ["node-generic-resource"] = "node-generic-resources",
        ["registry-mirror"] = "registry-mirrors",
        ["storage-opt"] = "storage-opts",
        ["icc-enabled"] = "icc",
        ["log_level"] = "log-level",
        ["loglevel"] = "log-level",
        ["seccomp"] = "seccomp-profile",
        ["userns"] = "userns-remap",
        ["disable-userland-proxy"] = "userland-proxy",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Flags without a key: an engine accepts their names in the file and never reads them.</summary>
    public static IReadOnlyList<string> OnlyFlags { get; } = ["config-file", "containerd-plugins-namespace", "help", "validate", "version"];

    private static readonly FrozenDictionary<string, DaemonKey> ByName = All.ToFrozenDictionary(k => k.Name, StringComparer.Ordinal);

    public static DaemonKey? Find(string name) => ByName.GetValueOrDefault(name);

    private static JsonArray List() => [];
}
