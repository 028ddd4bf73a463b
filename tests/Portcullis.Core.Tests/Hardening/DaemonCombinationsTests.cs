using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;

namespace Portcullis.Core.Tests.Hardening;

/// <summary>Keys that are right one by one and stop an engine together, each with what makes it right. A leading dash is a flag of the running dockerd.</summary>
internal sealed class DaemonCombinationsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [TestCase("28.0.0", """{"icc": false, "iptables": false}""", "icc=false requires iptables, but iptables is false")]
    [TestCase("28.0.0", """{"icc": false, "iptables": true}""", null)]
    [TestCase("28.0.0", """{"icc": false}""", null)]
    [TestCase("28.0.0", """{"iptables": false}""", null)]
    [TestCase("28.0.0", """{"icc": true, "iptables": false}""", null)]
    [TestCase("26.1.4", """{"ip6tables": true}""", "ip6tables requires experimental=true on engine 26.1.4")]
    [TestCase("26.1.4", """{"ip6tables": true, "experimental": true}""", null)]
    [TestCase("26.1.4", """{"ip6tables": false}""", null)]
    [TestCase("27.0.0", """{"ip6tables": true}""", null)]
    [TestCase("27.0.0", """{"icc": false, "ipv6": true, "ip6tables": false}""", "icc=false with ipv6 requires ip6tables, but ip6tables is false")]
    [TestCase("27.0.0", """{"icc": false, "ipv6": true, "ip6tables": true}""", null)]
    [TestCase("27.0.0", """{"icc": false, "ipv6": true}""", null)]
    [TestCase("27.0.0", """{"icc": false, "ipv6": false, "ip6tables": false}""", null)]
    [TestCase("27.0.0", """{"icc": true, "ipv6": true, "ip6tables": false}""", null)]
    [TestCase("27.0.0", """{"ipv6": true, "ip6tables": false}""", null)]
    [TestCase("26.1.4", """{"icc": false, "ipv6": true, "ip6tables": false}""", null)]
    [TestCase("28.2.0", """{"bridge": "br0", "bip": "10.9.0.1/24"}""", "bridge and bip exclude each other")]
    [TestCase("28.2.0", """{"bridge": "br0", "bip6": "fd00::1/64"}""", "bridge and bip6 exclude each other")]
    [TestCase("28.2.0", """{"bridge": "", "bip": "10.9.0.1/24"}""", null)]
    [TestCase("28.2.0", """{"bip": "10.9.0.1/24", "bip6": "fd00::1/64"}""", null)]
    [TestCase("28.2.0", """{"bridge": "br0"}""", null)]
    [TestCase("28.2.0", """{"host-gateway-ip": "10.0.0.1", "host-gateway-ips": ["10.0.0.1"]}""", "host-gateway-ip and host-gateway-ips exclude each other")]
    [TestCase("28.2.0", """{"host-gateway-ip": "10.0.0.1"}""", null)]
    [TestCase("28.2.0", """{"host-gateway-ips": ["10.0.0.1"]}""", null)]
    [TestCase("20.10.24", """{"default-runtime": "kata"}""", "default-runtime kata is not in runtimes")]
    [TestCase("20.10.24", """{"default-runtime": "kata", "runtimes": {"kata": {"path": "/bin/kata"}}}""", null)]
    [TestCase("20.10.24", """{"default-runtime": "kata", "runtimes": {"gvisor": {"path": "/bin/runsc"}}}""", "default-runtime kata is not in runtimes")]
    [TestCase("20.10.24", """{"default-runtime": "runc"}""", null)]
    [TestCase("20.10.24", """{"default-runtime": "io.containerd.runc.v2"}""", null)]
    [TestCase("20.10.24", """{"default-runtime": "io.containerd.runtime.v1.linux"}""", null)]
    [TestCase("23.0.0", """{"default-runtime": "kata"}""", null)]
    [TestCase("28.2.0", """{"seccomp-profile": "/nowhere"}""", "seccomp-profile is /nowhere, which does not exist on this node: create it first")]
    [TestCase("28.2.0", """{"seccomp-profile": "/etc/seccomp.json"}""", null)]
    [TestCase("28.2.0", """{"exec-root": "/nowhere"}""", null)]
    [TestCase("20.10.24", "{}", null)]
    [TestCase("27.0.0", """{"icc": false, "ip6tables": false}""", null)]
    public void On_any_node(string version, string file, string? expected) => Check(version, file, [], swarm: false, expected);

    [TestCase("29.0.0", """{"live-restore": true}""", "live-restore is incompatible with swarm mode")]
    [TestCase("29.0.0", """{"live-restore": false}""", null)]
    [TestCase("29.0.0", "{}", null)]
    [TestCase("29.0.0", """{"firewall-backend": "nftables"}""", "firewall-backend=nftables is incompatible with swarm mode")]
    [TestCase("29.0.0", """{"firewall-backend": "nftables", "features": {"swarm-nftables": false}}""", "firewall-backend=nftables is incompatible with swarm mode")]
    [TestCase("29.0.0", """{"firewall-backend": "nftables", "features": {"swarm-nftables": true}}""", null)]
    [TestCase("29.0.0", """{"firewall-backend": "iptables"}""", null)]
    public void On_a_Swarm_node_and_only_there(string version, string file, string? expected)
    {
        Check(version, file, [], swarm: true, expected);
        Check(version, file, [], swarm: false, null);
    }

    [TestCase("--iptables=false", """{"icc": false}""", "icc=false requires iptables, but the running dockerd has --iptables=false")]
    [TestCase("--iptables=true", """{"icc": false}""", null)]
    [TestCase("--iptables", """{"icc": false}""", null)]
    [TestCase("--iptables=1", """{"icc": false}""", null)]
    [TestCase("--iptables=t", """{"icc": false}""", null)]
    [TestCase("--iptables=T", """{"icc": false}""", null)]
    [TestCase("--iptables=TRUE", """{"icc": false}""", null)]
    [TestCase("--iptables=True", """{"icc": false}""", null)]
    [TestCase("--bridge=br0", """{"bip": "10.9.0.1/24"}""", "bip and bridge exclude each other, and the running dockerd has --bridge")]
    [TestCase("--log-driver=local", """{"log-driver": "local"}""", "log-driver is also set by the flag --log-driver of the running dockerd, and an engine does not start with both")]
    [TestCase("--label=a=b", """{"labels": ["a=b"]}""", "labels is also set by the flag --label of the running dockerd, and an engine does not start with both")]
    [TestCase("--http-proxy=http://a", """{"proxies": {"http-proxy": "http://b"}}""", "http-proxy is also set by the flag --http-proxy of the running dockerd, and an engine does not start with both")]
    [TestCase("--http-proxy=http://a", """{"proxies": {"no-proxy": "b"}}""", null)]
    [TestCase("--add-runtime=kata=/bin/kata", """{"runtimes": {"gvisor": {"path": "/bin/runsc"}}}""", null)]
    [TestCase("--log-driver=local", """{"log-level": "info"}""", null)]
    public void With_what_the_running_dockerd_was_started_with(string flag, string file, string? expected) => Check("28.2.0", file, [flag], swarm: false, expected);

    private static void Check(string version, string file, string[] flags, bool swarm, string? expected)
    {
        Assert.That(EngineVersion.TryParse(version, out var parsed));
        var values = (JsonObject)JsonNode.Parse(file)!;
        var observed = new HardeningObservation
        {
            File = new DaemonFile.Json(DaemonJson.Empty),
            LastGood = DaemonJson.Empty,
            Engine = new EngineObservation { Version = parsed, ContainersRunning = 0, SwarmActive = swarm, AuthorizationPlugins = [] },
            Flags = DaemonFlags.Parse(["dockerd", .. flags]),
            InForce = LoadedConfiguration.AfterStart(DaemonJson.Empty),
            Owned = new Dictionary<string, OwnedKey>(),
            MissingPaths = new HashSet<string> { "/nowhere" },
        };
        var desire = DesiredConfiguration.Nothing with
        {
            Keys = values.ToDictionary(p => p.Key, p => new DesiredKey(p.Value!.DeepClone(), "baseline", RestartPolicy.Never), StringComparer.Ordinal),
        };
        var refusals = HardeningPlanner.Plan(desire, observed, Now).Describe().Where(l => l.StartsWith("refuse: ", StringComparison.Ordinal)).ToList();
        Assert.That(refusals, expected is null ? Is.Empty : Has.Count.EqualTo(1).And.Some.StartsWith("refuse: " + expected));
    }
}
