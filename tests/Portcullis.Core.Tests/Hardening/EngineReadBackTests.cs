using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;

namespace Portcullis.Core.Tests.Hardening;

/// <summary>What an engine's own answers say of a key: the value seen, where, and whether it is the one that was asked for.</summary>
internal sealed class EngineReadBackTests
{
    [TestCase("debug", "true", """{"Debug": true}""", "true", true)]
    [TestCase("debug", "true", """{"Debug": false}""", "false", false)]
    [TestCase("data-root", "\"/data\"", """{"DockerRootDir": "/data"}""", "\"/data\"", true)]
    [TestCase("data-root", "\"/data\"", """{"DockerRootDir": "/var/lib/docker"}""", "\"/var/lib/docker\"", false)]
    [TestCase("default-runtime", "\"kata\"", """{"DefaultRuntime": "runc"}""", "\"runc\"", false)]
    [TestCase("default-runtime", "\"kata\"", """{"DefaultRuntime": "kata"}""", "\"kata\"", true)]
    [TestCase("experimental", "true", """{"ExperimentalBuild": true}""", "true", true)]
    [TestCase("live-restore", "true", """{"LiveRestoreEnabled": false}""", "false", false)]
    [TestCase("log-driver", "\"local\"", """{"LoggingDriver": "local"}""", "\"local\"", true)]
    [TestCase("log-driver", "\"local\"", """{"LoggingDriver": "json-file"}""", "\"json-file\"", false)]
    [TestCase("storage-driver", "\"overlay2\"", """{"Driver": "vfs"}""", "\"vfs\"", false)]
    [TestCase("storage-driver", "\"vfs\"", """{"Driver": "vfs"}""", "\"vfs\"", true)]
    [TestCase("authorization-plugins", """["opa"]""", """{"Plugins": {"Authorization": ["opa"]}}""", """["opa"]""", true)]
    [TestCase("authorization-plugins", """["opa"]""", """{"Plugins": {}}""", "[]", false)]
    [TestCase("labels", """["a=b", "c=d"]""", """{"Labels": ["c=d", "a=b"]}""", """["c=d","a=b"]""", true)]
    [TestCase("labels", """["a=b"]""", """{"Labels": ["c=d", "a=b"]}""", """["c=d","a=b"]""", false)]
    [TestCase("labels", "[]", "{}", "[]", true)]
    [TestCase("registry-mirrors", """["https://m.example"]""", """{"RegistryConfig": {"Mirrors": ["https://m.example/"]}}""", """["https://m.example/"]""", true)]
    [TestCase("registry-mirrors", """["https://m.example/"]""", """{"RegistryConfig": {"Mirrors": ["https://m.example"]}}""", """["https://m.example"]""", true)]
    [TestCase("registry-mirrors", """["https://m.example"]""", """{"RegistryConfig": {}}""", "[]", false)]
    [TestCase("registry-mirrors", """["https://m.example"]""", """{"RegistryConfig": {"Mirrors": ["https://m.example/", "https://n.example/"]}}""", """["https://m.example/","https://n.example/"]""", false)]
    [TestCase("insecure-registries", """["b.example", "10.0.0.0/8"]""",
        """{"RegistryConfig": {"InsecureRegistryCIDRs": ["127.0.0.0/8", "10.0.0.0/8"], "IndexConfigs": {"docker.io": {"Secure": true}, "b.example": {"Secure": false}}}}""",
        """["10.0.0.0/8","127.0.0.0/8","b.example"]""", true)]
    [TestCase("insecure-registries", """["docker.io"]""",
        """{"RegistryConfig": {"InsecureRegistryCIDRs": ["127.0.0.0/8"], "IndexConfigs": {"docker.io": {"Secure": true}}}}""", """["127.0.0.0/8"]""", false)]
    [TestCase("insecure-registries", """["b.example"]""", "{}", "[]", false)]
    [TestCase("runtimes", """{"kata": {"path": "/k"}}""", """{"Runtimes": {"runc": {"path": "runc"}, "kata": {"path": "/k"}}}""", """{"kata":{"path":"/k"}}""", true)]
    [TestCase("runtimes", """{"kata": {"path": "/k"}}""", """{"Runtimes": {"runc": {"path": "runc"}, "other": {}}}""", """{"other":{}}""", false)]
    [TestCase("runtimes", """{"kata": {}, "gvisor": {}}""", """{"Runtimes": {"kata": {"path": "/k"}}}""", """{"kata":{"path":"/k"}}""", false)]
    [TestCase("runtimes", """{"kata": {}}""", """{"Runtimes": {"kata": {"path": "/k"}}}""", """{"kata":{"path":"/k"}}""", true)]
    [TestCase("userns-remap", "\"1\"", """{"SecurityOptions": ["name=userns"]}""", "true", true)]
    [TestCase("userns-remap", "\"\"", """{"SecurityOptions": ["name=userns"]}""", "true", false)]
    [TestCase("seccomp-profile", "\"\"", "{}", "\"\"", false)]
    [TestCase("seccomp-profile", "\"unconfined\"", "{}", "\"\"", false)]
    [TestCase("seccomp-profile", "\"builtin\"", """{"SecurityOptions": ["name=seccomp,profile=x"]}""", "\"x\"", true)]
    [TestCase("proxies", """{"http-proxy": "http://u:p@proxy:1"}""", """{"HttpProxy": "http://xxxxx:xxxxx@proxy:1", "HttpsProxy": "", "NoProxy": "a"}""", """{"http-proxy":"http://xxxxx:xxxxx@proxy:1","https-proxy":"","no-proxy":"a"}""", true)]
    [TestCase("proxies", """{"http-proxy": "http://proxy:1"}""", """{"HttpProxy": "", "HttpsProxy": "", "NoProxy": ""}""", """{"http-proxy":"","https-proxy":"","no-proxy":""}""", false)]
    [TestCase("features", """{"containerd-snapshotter": true, "cdi": true}""", """{"Driver": "overlayfs", "DriverStatus": [["driver-type", "io.containerd.snapshotter.v1"]]}""", """{"containerd-snapshotter":true}""", true)]
    [TestCase("features", """{"containerd-snapshotter": true}""", """{"Driver": "overlay2", "DriverStatus": [["Backing Filesystem", "extfs"]]}""", """{"containerd-snapshotter":false}""", false)]
    [TestCase("features", """{"containerd-snapshotter": false}""", """{"Driver": "vfs", "DriverStatus": null}""", """{"containerd-snapshotter":false}""", true)]
    [TestCase("default-address-pools", """[{"size": 24, "base": "10.10.0.0/16"}]""", """{"DefaultAddressPools": [{"Base": "10.10.0.0/16", "Size": 24}]}""", """[{"base":"10.10.0.0/16","size":24}]""", true)]
    [TestCase("default-address-pools", """[{"size": 25, "base": "10.10.0.0/16"}]""", """{"DefaultAddressPools": [{"Base": "10.10.0.0/16", "Size": 24}]}""", """[{"base":"10.10.0.0/16","size":24}]""", false)]
    [TestCase("node-generic-resources", """["apple=3", "gpu=a"]""", """{"GenericResources": [{"DiscreteResourceSpec": {"Kind": "apple", "Value": 3}}, {"NamedResourceSpec": {"Kind": "gpu", "Value": "a"}}]}""", """["apple=3","gpu=a"]""", true)]
    [TestCase("exec-opts", """["native.cgroupdriver=systemd"]""", """{"CgroupDriver": "cgroupfs"}""", """["native.cgroupdriver=cgroupfs"]""", false)]
    [TestCase("exec-opts", "[]", """{"CgroupDriver": "cgroupfs"}""", """["native.cgroupdriver=cgroupfs"]""", true)]
    [TestCase("init-path", "\"/usr/bin/tini\"", """{"InitBinary": "docker-init"}""", "\"docker-init\"", false)]
    [TestCase("init-path", "\"\"", """{"InitBinary": "docker-init"}""", "\"docker-init\"", true)]
    [TestCase("cdi-spec-dirs", """["/etc/cdi"]""", """{"CDISpecDirs": []}""", "[]", false)]
    [TestCase("cdi-spec-dirs", """["/etc/cdi"]""", """{"CDISpecDirs": ["/etc/cdi"]}""", """["/etc/cdi"]""", true)]
    [TestCase("cdi-spec-dirs", """[""]""", """{"CDISpecDirs": []}""", "[]", true)]
    [TestCase("containerd", "\"unix:///run/c.sock\"", """{"Containerd": {"Address": "/run/c.sock", "Namespaces": {"Containers": "moby"}}}""", "\"/run/c.sock\"", true)]
    [TestCase("containerd-namespace", "\"other\"", """{"Containerd": {"Address": "/run/c.sock", "Namespaces": {"Containers": "moby"}}}""", "\"moby\"", false)]
    [TestCase("runtimes", """{"kata": {"path": "/k"}}""", """{"Runtimes": {"kata": {"path": "/other"}}}""", """{"kata":{"path":"/other"}}""", false)]
    [TestCase("labels", """["a=b"]""", """{"Labels": ["a=b", 7]}""", """["a=b",7]""", true)]
    [TestCase("no-new-privileges", "true", """{"SecurityOptions": ["name=apparmor", "name=no-new-privileges"]}""", "true", true)]
    [TestCase("no-new-privileges", "true", """{"SecurityOptions": ["name=apparmor"]}""", "false", false)]
    [TestCase("no-new-privileges", "false", "{}", "false", true)]
    [TestCase("selinux-enabled", "true", """{"SecurityOptions": ["name=selinux"]}""", "true", true)]
    [TestCase("selinux-enabled", "true", """{"SecurityOptions": ["name=selinux-like"]}""", "false", false)]
    [TestCase("userns-remap", "\"default\"", """{"SecurityOptions": ["name=userns,x=y"]}""", "true", true)]
    [TestCase("userns-remap", "\"default\"", """{"SecurityOptions": []}""", "false", false)]
    [TestCase("userns-remap", "\"\"", """{"SecurityOptions": []}""", "false", true)]
    [TestCase("seccomp-profile", "\"builtin\"", """{"SecurityOptions": ["name=apparmor", "name=seccomp,profile=builtin"]}""", "\"builtin\"", true)]
    [TestCase("seccomp-profile", "\"builtin\"", """{"SecurityOptions": []}""", "\"\"", false)]
    [TestCase("seccomp-profile", "\"default\"", """{"SecurityOptions": []}""", "\"\"", false)]
    [TestCase("seccomp-profile", "\"/etc/seccomp.json\"", """{"SecurityOptions": []}""", "\"\"", true)]
    public void Info_shows(string key, string wanted, string info, string seen, bool agrees) =>
        AssertReads(key, wanted, new EngineSettings(new EngineVersion(28, 2, 0), Object(info)), seen, "info", agrees);

    [TestCase("icc", "true", "com.docker.network.bridge.enable_icc", "true", "true", true)]
    [TestCase("icc", "true", "com.docker.network.bridge.enable_icc", "false", "false", false)]
    [TestCase("ip-masq", "false", "com.docker.network.bridge.enable_ip_masquerade", "true", "true", false)]
    [TestCase("ip", "\"127.0.0.1\"", "com.docker.network.bridge.host_binding_ipv4", "0.0.0.0", "\"0.0.0.0\"", false)]
    [TestCase("mtu", "1400", "com.docker.network.driver.mtu", "1500", "1500", false)]
    [TestCase("mtu", "1400", "com.docker.network.driver.mtu", "1400", "1400", true)]
    public void The_bridge_network_shows(string key, string wanted, string option, string value, string seen, bool agrees) =>
        AssertReads(
            key, wanted, new EngineSettings(new EngineVersion(28, 2, 0), Info: null) { BridgeOptions = new JsonObject { [option] = value } }, seen, "network", agrees);

    [TestCase("max-concurrent-downloads", "9", "9", "9", true)]
    [TestCase("max-concurrent-downloads", "9", "3", "3", false)]
    [TestCase("shutdown-timeout", "-1", "-1", "-1", true)]
    [TestCase("max-concurrent-downloads", "9", "many", null, true)]
    [TestCase("allow-nondistributable-artifacts", """["a"]""", """["a"]""", """["a"]""", true)]
    [TestCase("allow-nondistributable-artifacts", """["a"]""", "[]", "[]", false)]
    [TestCase("default-shm-size", "\"64M\"", "67108864", "\"64M\"", true)]
    [TestCase("default-shm-size", "\"64M\"", "33554432", "\"33554432\"", false)]
    [TestCase("default-shm-size", "\"1.5 GiB\"", "1610612736", "\"1.5 GiB\"", true)]
    [TestCase("features", """{"buildkit": false, "cdi": true}""", "map[buildkit:false cdi:true]", """{"buildkit":false}""", true)]
    [TestCase("features", """{"buildkit": true}""", "map[buildkit:false]", """{"buildkit":false}""", false)]
    [TestCase("features", """{"cdi": true}""", "map[cdi:true]", null, true, Description = "read once, at the start of the engine")]
    [TestCase("default-ipc-mode", "\"private\"", "shareable", "\"shareable\"", false)]
    public void The_last_reload_shows(string key, string wanted, string attribute, string? seen, bool agrees) =>
        AssertReads(
            key,
            wanted,
            new EngineSettings(new EngineVersion(28, 2, 0), Object("{}")) { ReloadEvent = new Dictionary<string, string> { [key] = attribute } },
            seen,
            seen is null ? "file" : "event",
            agrees);

    [Test]
    public void What_shows_nowhere_is_taken_from_the_file_and_contradicts_nothing()
    {
        var silent = new EngineSettings(new EngineVersion(28, 2, 0), Info: null);
        AssertReads("mtu", "1400", silent with { Info = Object("{}") }, null, "file", true);
        AssertReads("no-such-key", "1", silent with { Info = Object("{}") }, null, "file", true);
        AssertReads("debug", "true", silent, null, "file", true);
        AssertReads("debug", "true", silent with { Info = Object("{}") }, null, "file", true);
        AssertReads("icc", "false", silent, null, "file", true);
        AssertReads("icc", "false", silent with { BridgeOptions = [] }, null, "file", true);
        AssertReads("shutdown-timeout", "5", silent, null, "file", true);
        AssertReads("shutdown-timeout", "5", silent with { ReloadEvent = new Dictionary<string, string>() }, null, "file", true);
    }

    [TestCase(23, null)]
    [TestCase(24, "false")]
    public void An_engine_that_does_not_show_a_key_yet_is_not_asked(int major, string? seen) =>
        AssertReads("no-new-privileges", "true", new EngineSettings(new EngineVersion(major, 0, 0), Object("{}")), seen, seen is null ? "file" : "info", seen is null);

    [TestCase("debug", true)]
    [TestCase("features", false)]
    [TestCase("proxies", false)]
    [TestCase("exec-opts", false)]
    [TestCase("insecure-registries", false)]
    [TestCase("runtimes", false)]
    [TestCase("seccomp-profile", false)]
    [TestCase("userns-remap", false)]
    public void Of_some_keys_an_engine_shows_only_a_part(string key, bool whole) => Assert.That(EngineReadBack.IsWhole(key), Is.EqualTo(whole));

    private static JsonObject Object(string text) => (JsonObject)JsonNode.Parse(text)!;

    private static void AssertReads(string key, string wanted, EngineSettings answers, string? seen, string from, bool agrees)
    {
        var reading = EngineReadBack.Read(key, JsonNode.Parse(wanted)!, answers);
        Assert.That((reading.Key, reading.Shown?.ToJsonString(), reading.ReadFrom, reading.Agrees), Is.EqualTo((key, seen, from, agrees)));
    }
}
