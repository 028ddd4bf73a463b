using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;

namespace Portcullis.Core.Tests.Hardening;

/// <summary>What is known of the keys that a running engine has loaded when it was started or reloaded by somebody else.</summary>
internal sealed class LoadedConfigurationTests
{
    private static readonly EngineVersion Engine = new(26, 1, 4);

    [TestCase("""{"debug": true}""", """{"Debug": true}""", "debug=true", Description = "shown as written")]
    [TestCase("""{"debug": true}""", """{"Debug": false}""", "debug=false", Description = "shown otherwise: the file has changed since")]
    [TestCase("{}", """{"Debug": true}""", "debug=true", Description = "shown although the file does not say it")]
    [TestCase("{}", """{"Debug": false}""", "", Description = "the default is nothing that was loaded")]
    [TestCase("""{"mtu": 1400}""", """{"Debug": false}""", "mtu=?", Description = "never shown: may be anything")]
    [TestCase("""{"runtimes": {"kata": {"path": "/k"}}}""", """{"Runtimes": {"kata": {}}}""", "runtimes=?", Description = "only its names are shown")]
    [TestCase("""{"labels": ["a=b"]}""", """{"Labels": ["a=b"]}""", "labels=[\"a=b\"]")]
    [TestCase("{}", """{"Labels": ["a=b"]}""", "labels=[\"a=b\"]")]
    [TestCase("{}", """{"Labels": []}""", "")]
    [TestCase("{}", """{"DockerRootDir": "/data"}""", "data-root=\"/data\"")]
    [TestCase("{}", """{"LoggingDriver": "json-file"}""", "")]
    [TestCase("""{"log-driver": "local"}""", """{"LoggingDriver": "local"}""", "log-driver=\"local\"")]
    public void Of_an_engine_that_was_running_before_only_what_it_shows_is_known(string file, string info, string known) =>
        Assert.That(Text(LoadedConfiguration.Unknown(Json(file), Settings(info))), Is.EqualTo(known));

    [TestCase("""{"buildkit": false}""", """{"buildkit": true}""", """{"buildkit":true}""", Description = "asked for at each request")]
    [TestCase("{}", """{"containerd-snapshotter": true}""", null, Description = "asked for at the start only")]
    [TestCase("""{"containerd-snapshotter": true, "buildkit": true}""", "{}", """{"containerd-snapshotter":true}""")]
    [TestCase("""{"containerd-snapshotter": false}""", """{"containerd-snapshotter": true, "buildkit": true}""", """{"containerd-snapshotter":false,"buildkit":true}""")]
    public void A_reload_puts_only_those_switches_in_force_that_the_engine_asks_for_again(string loaded, string file, string? inForce) =>
        Assert.That(
            LoadedConfiguration.AfterReload(new JsonObject { ["features"] = JsonNode.Parse(loaded) }, Json($$"""{"features": {{file}}}"""))["features"]?.ToJsonString(),
            Is.EqualTo(inForce));

    [Test]
    public void Of_the_switches_of_an_engine_that_was_running_before_only_the_shown_ones_are_known()
    {
        const string file = """{"features": {"containerd-snapshotter": true, "cdi": true}}""";
        var loaded = LoadedConfiguration.Unknown(Json(file), Settings("""{"Driver": "vfs", "DriverStatus": null}"""));
        Assert.That(loaded["features"]!["containerd-snapshotter"]!.GetValue<bool>(), Is.False);
        Assert.That(JsonNode.DeepEquals(LoadedConfiguration.AfterReload(loaded, Json(file))["features"]!["cdi"], true), Is.False, "still unknown");
    }

    [Test]
    public void After_a_reload_by_somebody_else_the_event_shows_the_reloadable_switch()
    {
        var loaded = new JsonObject { ["features"] = new JsonObject { ["cdi"] = true, ["buildkit"] = true } };
        var settings = Settings("{}") with { ReloadEvent = new Dictionary<string, string> { ["features"] = "map[buildkit:false]" } };
        var after = LoadedConfiguration.AfterForeignReload(loaded, Json("""{"features": {"buildkit": true}}"""), settings);
        Assert.That(after["features"]!.ToJsonString(), Is.EqualTo("""{"cdi":true,"buildkit":false}"""));
    }

    /// <summary>The engine of before 24.0 does not show it although its /info has the field.</summary>
    [Test]
    public void What_this_version_does_not_know_is_not_loaded() =>
        Assert.That(
            Text(LoadedConfiguration.Unknown(Json("{}"), Settings("""{"SecurityOptions": ["name=no-new-privileges"]}""", new(23, 0, 0)))), Is.Empty);

    [Test]
    public void A_reload_by_somebody_else_leaves_what_needs_a_restart_and_makes_the_rest_unknown_but_for_what_is_shown()
    {
        var loaded = (JsonObject)JsonNode.Parse("""{"mtu": 1400, "debug": false, "default-shm-size": "64M", "max-concurrent-downloads": 3}""")!;
        var after = LoadedConfiguration.AfterForeignReload(loaded, Json("""{"mtu": 9000, "debug": true}"""), Settings("""{"Debug": true, "LiveRestoreEnabled": false}"""));
        Assert.Multiple(() =>
        {
            Assert.That(after["mtu"]!.GetValue<int>(), Is.EqualTo(1400));
            Assert.That(after["debug"]!.GetValue<bool>(), Is.True);
            Assert.That(after.ContainsKey("live-restore"), Is.False, "shown to be at its default");
            Assert.That(Text(after), Does.Contain("default-shm-size=?").And.Contain("max-concurrent-downloads=?"));
            Assert.That(after.ContainsKey("default-stop-timeout"), Is.False, "this version does not have it");
            Assert.That(after.ContainsKey("icc"), Is.False, "no reload applies it");
            Assert.That(loaded["debug"]!.GetValue<bool>(), Is.False, "what was given is not changed");
        });
    }

    private static EngineSettings Settings(string info, EngineVersion? version = null) => new(version ?? Engine, (JsonObject)JsonNode.Parse(info)!);

    private static DaemonJson Json(string text) => DaemonJson.Parse(Encoding.UTF8.GetBytes(text));

    private static string Text(JsonObject loaded) =>
        string.Join(' ', loaded.Select(p => $"{p.Key}={(p.Value is JsonValue v && v.TryGetValue(out string? t) && t.Contains("unknown", StringComparison.Ordinal) ? "?" : p.Value!.ToJsonString())}"));
}
