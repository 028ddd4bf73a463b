using System.Text.Json.Nodes;
using Portcullis.Testing.Git;

namespace Portcullis.Tests.Sources;

/// <summary>Signatures from the Secret to the condition.</summary>
internal sealed class SourceVerificationTests
{
    private SourceWorld _world = null!;

    [SetUp]
    public async Task SetUp() => _world = await SourceWorld.StartAsync();

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public async Task The_last_verified_revision_stays_in_force_when_a_newer_one_is_not_signed()
    {
        var key = _world.Git.SignWithSsh();
        await SecretAsync("ann.sshpub", key, "root");
        var signed = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await _world.SourceAsync(more: "  verify: {secretRef: {name: keys}}\n");
        var verified = await _world.ReadyAsync(signed);
        _world.Git.Git("config", "commit.gpgsign", "false");
        var unsigned = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit();

        var refused = await _world.StatusAsync(s => s.Status!.LastAttemptedRevision == $"main@sha1:{unsigned}");

        Assert.Multiple(async () =>
        {
            Assert.That(verified.Status!.VerifiedBy, Does.StartWith("SHA256:"));
            Assert.That(verified.Status.Conditions!.Single(c => c.Type == "SourceVerified").Status, Is.EqualTo("True"));
            Assert.That(refused.Status!.InForceRevision, Is.EqualTo($"main@sha1:{signed}"));
            Assert.That(refused.Status.Conditions!.Single(c => c.Type == "SourceVerified").Message, Does.Contain("is not signed"));
            Assert.That((await _world.ConfigMapAsync("a"))!["data"]!["key"]!.GetValue<string>(), Is.EqualTo("1"));
        });
    }

    [Test]
    public async Task A_secret_for_another_source_is_not_used()
    {
        await SecretAsync("ann.sshpub", _world.Git.SignWithSsh(), "other");
        _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await _world.SourceAsync(more: "  verify: {secretRef: {name: keys}}\n");

        var source = await _world.StatusAsync(s => SourceWorld.Ready(s) is { Reason: "SecretNotUsable" });

        Assert.That(SourceWorld.Ready(source)!.Message, Does.Contain("portcullis.dev/allowed-source=root"));
        Assert.That(await _world.ConfigMapAsync("a"), Is.Null);
    }

    private Task<JsonObject> SecretAsync(string name, string content, string source) => _world.Cluster.ApplyAsync(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject
        {
            ["name"] = "keys",
            ["namespace"] = "portcullis-system",
            ["labels"] = new JsonObject { ["portcullis.dev/allowed-source"] = source },
        },
        ["stringData"] = new JsonObject { [name] = content },
    });
}
