using System.Collections.Frozen;

namespace Portcullis.Core.Hardening;

/// <summary>
/// Which keys of daemon.json a source may declare without verified signatures: those that cannot run a program, open the API to others, or name
/// a file, a folder or a device from which the engine takes either. Any other key, also one that a later engine adds, counts as one that gives
/// root on the node to whoever sets it.
/// </summary>
internal static class DaemonKeyTrust
{
    private static readonly FrozenSet<string> Unverified = FrozenSet.Create(
        StringComparer.Ordinal,
        "allow-direct-routing", "allow-nondistributable-artifacts", "bip", "bip6", "bridge", "bridge-accept-fwmark", "cgroup-parent",
        "cpu-rt-period", "cpu-rt-runtime", "debug", "default-address-pools", "default-cgroupns-mode", "default-gateway", "default-gateway-v6",
        "default-ipc-mode", "default-network-opts", "default-shm-size", "default-stop-timeout", "default-ulimits", "dns", "dns-opts", "dns-search",
        "exec-opts", "experimental", "features", "firewall-backend", "fixed-cidr", "fixed-cidr-v6", "host-gateway-ip", "host-gateway-ips", "icc",
        "init", "insecure-registries", "ip", "ip-forward", "ip-forward-no-drop", "ip-masq", "ip6tables", "iptables", "ipv6", "labels",
        "live-restore", "log-driver", "log-format", "log-level", "log-opts", "max-concurrent-downloads", "max-concurrent-uploads",
        "max-download-attempts", "metrics-addr", "min-api-version", "mtu", "network-control-plane-mtu", "no-new-privileges",
        "node-generic-resources", "oom-score-adjust", "proxies", "raw-logs", "registry-mirrors", "seccomp-profile", "selinux-enabled",
        "shutdown-timeout", "storage-driver", "swarm-default-advertise-addr", "userland-proxy", "userns-remap");

    public static bool NeedsVerifiedSource(string key) => !Unverified.Contains(key);
}
