using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;

namespace Portcullis.Core.Tests.Hardening;

/// <summary>Keys and values of daemon.json as moby's daemon/config checks them, before an engine fails to start.</summary>
internal sealed class DaemonKeyCheckTests
{
    // Right on every engine.
    [TestCase("dns", """["1.1.1.1"]""", null)]
    [TestCase("dns", "[]", null)]
    [TestCase("log-opts", """{"max-size": "1m"}""", null)]
    [TestCase("features", """{"buildkit": true, "containerd-snapshotter": false}""", null)]
    [TestCase("default-address-pools", """[{"base": "10.0.0.0/8", "size": 24}]""", null)]
    [TestCase("builder", "{}", null)]
    [TestCase("mtu", "1400", null)]
    [TestCase("max-concurrent-downloads", "0", null)]
    [TestCase("max-download-attempts", "1", null)]
    [TestCase("cpu-rt-period", "-1", null)]
    [TestCase("log-level", "\"warn\"", null)]
    [TestCase("default-shm-size", "\"64M\"", null)]
    [TestCase("default-shm-size", "\"8\"", null)]
    [TestCase("default-shm-size", "\"1.5 GiB\"", null)]
    [TestCase("default-shm-size", "\"64b\"", null)]
    [TestCase("default-shm-size", "\"64k\"", null)]
    [TestCase("default-shm-size", "\"64g\"", null)]
    [TestCase("default-shm-size", "\"64t\"", null)]
    [TestCase("default-shm-size", "\"64kb\"", null)]
    [TestCase("default-shm-size", "\"64mb\"", null)]
    [TestCase("default-shm-size", "\"64gb\"", null)]
    [TestCase("default-shm-size", "\"64tb\"", null)]
    [TestCase("default-shm-size", "\"64kib\"", null)]
    [TestCase("default-shm-size", "\"64mib\"", null)]
    [TestCase("default-shm-size", "\"64tib\"", null)]
    [TestCase("exec-opts", """["native.cgroupdriver=systemd"]""", null)]
    [TestCase("labels", """["a=b", "c=d", "a=b"]""", null)]
    [TestCase("default-ulimits", """{"nofile": {"Name": "nofile", "Soft": 1024, "Hard": 1024}}""", null)]
    [TestCase("default-ulimits", """{"nofile": {"Name": "nofile", "Soft": 1024, "Hard": -1}}""", null)]
    [TestCase("runtimes", """{"kata": {"path": "/k"}}""", null)]

    // A wrong type.
    [TestCase("debug", "1", "debug must be true or false, not a number")]
    [TestCase("debug", "null", "debug must be true or false, not null")]
    [TestCase("mtu", "1.5", "mtu must be a whole number, not a number")]
    [TestCase("mtu", "\"1400\"", "mtu must be a whole number, not a string")]
    [TestCase("bip", "[]", "bip must be a string, not a list")]
    [TestCase("dns", "\"1.1.1.1\"", "dns must be a list of strings, not a string")]
    [TestCase("dns", """["1.1.1.1", 1]""", "dns[1] must be a string, not a number: put it in quotes")]
    [TestCase("log-opts", """{"max-size": "1m", "max-file": 3}""", "log-opts.max-file must be a string, not a number: put it in quotes")]
    [TestCase("log-opts", """{"env": ["a"]}""", "log-opts.env must be a string, not a list")]
    [TestCase("log-opts", """{"labels": null}""", "log-opts.labels must be a string, not null")]
    [TestCase("log-opts", "[]", "log-opts must be a mapping of strings, not a list")]
    [TestCase("insecure-registries", """["r.example:5000", "10.0.0.0/8", "http://ann:secret@r.example:5000/"]""", "insecure-registries must name a registry without a scheme: write \"r.example:5000\"")]
    [TestCase("features", """{"buildkit": true, "other": "yes"}""", "features.other must be true or false, not a string")]
    [TestCase("builder", "true", "builder must be a mapping, not true or false")]
    [TestCase("default-address-pools", """[{"base": "10.0.0.0/8"}, "x"]""", "default-address-pools must be a list of mappings, not a list")]

    // A value that no engine accepts.
    [TestCase("log-level", "\"loud\"", "log-level must be debug, info, warn, error, fatal, not loud")]
    [TestCase("max-concurrent-downloads", "-1", "max-concurrent-downloads must be at least 0, not -1")]
    [TestCase("max-download-attempts", "0", "max-download-attempts must be at least 1, not 0")]
    [TestCase("labels", """["a"]""", "labels must be a list of key=value, not \"a\"")]
    [TestCase("registry-mirrors", """["https://ann:word@mirror.example"]""", "registry-mirrors must be addresses without user and password, or an engine does not start: log the engine in to the mirror instead")]
    [TestCase("registry-mirrors", """["https://mirror.example", "ann:word@mirror.example"]""", "registry-mirrors must be addresses without user and password, or an engine does not start: log the engine in to the mirror instead")]
    [TestCase("labels", """["=a"]""", "labels must be a list of key=value, not \"=a\"")]
    [TestCase("labels", """["a=b", "a=c"]""", "labels has two values for a: a=b and a=c")]
    [TestCase("exec-opts", """["a=b", "native.cgroupdriver", "=x"]""", "exec-opts must be a list of name=value, not \"native.cgroupdriver\"")]
    [TestCase("storage-opts", """["a=b", "=x"]""", "storage-opts must be a list of name=value, not \"=x\"")]
    [TestCase("storage-opts", """["a=b", "c=d"]""", null)]
    [TestCase("default-shm-size", "\"\"", "default-shm-size must be a size such as \"64M\", not \"\"")]
    [TestCase("default-shm-size", "\"M\"", "default-shm-size must be a size such as \"64M\", not \"M\"")]
    [TestCase("default-shm-size", "\"64 parsecs\"", "default-shm-size must be a size such as \"64M\", not \"64 parsecs\"")]
    [TestCase("default-ulimits", """{"nofile": 1024}""", "default-ulimits.nofile must be an object such as {\"Name\": \"nofile\", \"Soft\": 1024, \"Hard\": 2048}")]
    [TestCase("default-ulimits", """{"nofile": {"Name": 1, "Soft": 1, "Hard": 2}}""", "default-ulimits.nofile must be an object such as {\"Name\": \"nofile\", \"Soft\": 1024, \"Hard\": 2048}")]
    [TestCase("default-ulimits", """{"nofile": {"Name": "nofile", "Hard": 2}}""", "default-ulimits.nofile must be an object such as {\"Name\": \"nofile\", \"Soft\": 1024, \"Hard\": 2048}")]
    [TestCase("default-ulimits", """{"nofile": {"Name": "nofile", "Soft": 1, "Hard": "x"}}""", "default-ulimits.nofile must be an object such as {\"Name\": \"nofile\", \"Soft\": 1024, \"Hard\": 2048}")]
    [TestCase("default-ulimits", """{"nofile": {"Name": "nproc", "Soft": 1, "Hard": 2}}""", "default-ulimits.nofile names nproc: write Name: nofile")]
    [TestCase("default-ulimits", """{"nofile": {"Name": "nofile", "Soft": 3, "Hard": 2}}""", "default-ulimits.nofile has a Soft limit above its Hard limit")]
    [TestCase("default-ulimits", """{"core": {"Name": "core", "Soft": 1, "Hard": 0}}""", "default-ulimits.core has a Soft limit above its Hard limit")]
    [TestCase("runtimes", """{"runc": {"path": "/r"}}""", "runtimes must not contain runc, which the engine defines itself")]

    // A key that every current engine has dropped, one that only newer ones have, one that is none.
    [TestCase("cluster-store", "\"x\"", "cluster-store was removed: engines from 23.0 on do not start with it; Swarm classic was removed: use swarm mode")]
    [TestCase("oom-score-adjust", "-500", null)]
    [TestCase("proxies", """{"http-proxy": "http://p.example:3128", "no-proxy": "127.0.0.0/8"}""", null)]
    [TestCase("proxies", """{"http_proxy": "http://p.example:3128"}""", "proxies has no http_proxy: write http-proxy, https-proxy, no-proxy")]
    [TestCase("http-proxy", "\"http://p.example:3128\"", "http-proxy is not a key of daemon.json: write proxies.http-proxy")]
    [TestCase("https-proxy", "\"http://p.example:3128\"", "https-proxy is not a key of daemon.json: write proxies.https-proxy")]
    [TestCase("no-proxy", "\"127.0.0.0/8\"", "no-proxy is not a key of daemon.json: write proxies.no-proxy")]
    [TestCase("containerd-plugins-namespace", "\"x\"", "containerd-plugins-namespace is only a flag of dockerd: an engine accepts it in daemon.json and never reads it; delete it")]
    [TestCase("iccc", "true", "iccc is not a key of daemon.json, and an engine would not start with it: did you mean icc?")]
    [TestCase("zz", "true", "zz is not a key of daemon.json, and an engine would not start with it: delete it")]
    [TestCase("xxoglevel", "true", "xxoglevel is not a key of daemon.json, and an engine would not start with it: delete it")]
    [TestCase("swarm-dflt-advertise-adr", "true", "swarm-dflt-advertise-adr is not a key of daemon.json, and an engine would not start with it: did you mean swarm-default-advertise-addr?")]
    public void A_value_that_no_engine_accepts_is_named_with_what_to_write(string key, string value, string? expected) =>
        Assert.That(DaemonKeyCheck.OnAnyEngine(key, JsonNode.Parse(value))?.ToString(), Is.EqualTo(expected is null ? null : $"spec.daemonJSON.{key}: {expected}"));

    [TestCase("19.3.15", "bip6", "\"::1/64\"", "bip6 is not supported by engine 19.03.15, which would not start: it was added in 28.0.0")]
    [TestCase("28.0.0", "bip6", "\"::1/64\"", null)]
    [TestCase("27.5.1", "ip-forward-no-drop", "true", "ip-forward-no-drop is not supported by engine 27.5.1, which would not start: it was added in 28.0.0")]
    [TestCase("29.7.2", "apparmor-profile", "\"/etc/docker/apparmor.tmpl\"", "apparmor-profile is not supported by engine 29.7.2, which would not start: it was added in 29.8.0")]
    [TestCase("29.8.0", "apparmor-profile", "\"/etc/docker/apparmor.tmpl\"", null)]
    [TestCase("20.10.24", "proxies", "{}", "proxies is not supported by engine 20.10.24, which would not start: it was added in 23.0.0")]
    [TestCase("25.0.5", "oom-score-adjust", "-500", null)]
    [TestCase("26.0.0", "oom-score-adjust", "-500", "oom-score-adjust is not supported by engine 26.0.0, which would not start: it was removed in 26.0.0; set OOMScoreAdjust= in the engine's systemd unit")]
    [TestCase("23.0.6", "deprecated-key-path", "\"/k\"", null)]
    [TestCase("24.0.0", "deprecated-key-path", "\"/k\"", "deprecated-key-path has no effect on engine 24.0.0: engines ignore it since 24.0.0; delete it")]
    [TestCase("28.1.0", "allow-nondistributable-artifacts", "[]", "allow-nondistributable-artifacts has no effect on engine 28.1.0: engines ignore it since 28.0.0; delete it")]
    [TestCase("23.0.6", "storage-driver", "\"aufs\"", null)]
    [TestCase("24.0.0", "storage-driver", "\"aufs\"", "storage-driver aufs is not supported by engine 24.0.0: it was removed in 24.0.0; migrate the data and write overlay2")]
    [TestCase("24.0.9", "storage-driver", "\"devicemapper\"", null)]
    [TestCase("25.0.0", "storage-driver", "\"devicemapper\"", "storage-driver devicemapper is not supported by engine 25.0.0: it was removed in 25.0.0; migrate the data and write overlay2")]
    [TestCase("28.0.0", "storage-driver", "\"overlay2\"", null)]
    [TestCase("28.0.0", "debug", "1", "debug must be true or false, not a number")]
    [TestCase("28.0.0", "hots", "[]", "hots is not a key of daemon.json, and an engine would not start with it: did you mean hosts?")]
    public void What_one_version_does_not_support_is_named_with_the_version(string version, string key, string value, string? expected)
    {
        Assert.That(EngineVersion.TryParse(version, out var engine));
        Assert.That(DaemonKeyCheck.On(engine, key, JsonNode.Parse(value))?.Message, Is.EqualTo(expected));
    }

    [Test]
    public void Of_every_removed_key_it_is_said_what_to_do_instead() =>
        Assert.That(DaemonKeys.All.Where(k => k.Until is not null && k.Instead is null).Select(k => k.Name), Is.Empty);
}
