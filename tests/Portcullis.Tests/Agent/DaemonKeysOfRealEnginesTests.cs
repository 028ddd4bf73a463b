using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;
using Portcullis.Testing.Engines;

namespace Portcullis.Tests.Agent;

/// <summary>
/// The table of daemon.json keys compared with the engines of Debian 12 and, where NEWER_DOCKERD names its folder, of a later release: which
/// keys an engine reads at its start, which a SIGHUP applies, and which a SIGHUP without the key resets.
/// </summary>
internal sealed class DaemonKeysOfRealEnginesTests
{
    private static readonly string Samples = Path.Combine(TestContext.CurrentContext.TestDirectory, "Agent", "daemon-keys.json");

    [TestCase(false, TestName = "The_table_is_what_the_installed_engine_does")]
    [TestCase(true, TestName = "The_table_is_what_a_newer_engine_does")]
    public async Task The_table_is_what_an_engine_does(bool isNewer)
    {
        if ((DockerEngine.Missing ?? (isNewer && DockerEngine.NewerProgram is null ? "not run: NEWER_DOCKERD names no folder with a dockerd" : null)) is { } missing)
        {
            Assert.Ignore(missing);
        }

        var program = (isNewer ? DockerEngine.NewerProgram : DockerEngine.Program)!;
        await using var plain = await DockerEngine.CreateAsync(program, "{}", null, start: true, CancellationToken.None);
        Assert.That(EngineVersion.TryParse((await plain.Client.GetInfoAsync(default)).ServerVersion!, out var version));
        var unset = await LoggedConfiguration.ReloadAsync(plain, []);
        await plain.StopAsync(kill: false);
        var (first, second) = Files(version, plain.Folder);
        await using var engine = await DockerEngine.CreateAsync(program, first.ToJsonString(), null, start: true, CancellationToken.None);
        var started = await LoggedConfiguration.ReloadAsync(engine, first);
        var reloaded = await LoggedConfiguration.ReloadAsync(engine, second);
        var removed = await LoggedConfiguration.ReloadAsync(engine, []);

        var keys = first.Select(p => DaemonKeys.Find(p.Key)!).ToList();
        string[] Of(Func<DaemonKey, bool> condition) => [.. keys.Where(condition).Select(k => k.Name)];
        Assert.Multiple(() =>
        {
            Assert.That(Of(k => JsonNode.DeepEquals(started[k.Name], unset[k.Name])), Is.EqualTo(Of(k => version >= k.IgnoredSince)), "accepted and never read");
            Assert.That(Of(k => !JsonNode.DeepEquals(reloaded[k.Name], started[k.Name])), Is.EqualTo(Of(k => k.Reload != ReloadBehaviour.Restart)), "applied by SIGHUP");
            Assert.That(
                Of(k => JsonNode.DeepEquals(removed[k.Name], unset[k.Name]) && !JsonNode.DeepEquals(removed[k.Name], reloaded[k.Name])),
                Is.EqualTo(Of(k => k.Reload == ReloadBehaviour.Always)),
                "reset by a SIGHUP without the key");
            Assert.That(keys, Has.Count.GreaterThan(45), "compared");
        });
    }

    /// <summary>Two values of each key that this version knows and a test can set; <c>FOLDER</c> has two empty seccomp profiles.</summary>
    private static (JsonObject First, JsonObject Second) Files(EngineVersion version, string folder)
    {
        var (first, second) = (new JsonObject(), new JsonObject());
        foreach (var (key, values) in (JsonObject)JsonNode.Parse(File.ReadAllText(Samples).Replace("FOLDER", folder, StringComparison.Ordinal))!)
        {
            if (DaemonKeys.Find(key)!.IsKnownTo(version))
            {
                (first[key], second[key]) = (values![0]!.DeepClone(), values[1]!.DeepClone());
            }
        }

        foreach (var name in (string[])["one.json", "two.json"])
        {
            File.WriteAllText(Path.Combine(folder, name), "{\"defaultAction\":\"SCMP_ACT_ALLOW\"}");
        }

        return (first, second);
    }
}
