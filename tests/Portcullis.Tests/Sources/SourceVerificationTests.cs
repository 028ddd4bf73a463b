using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing.Git;

namespace Portcullis.Tests.Sources;

/// <summary>Signatures from the Secret to the condition.</summary>
internal sealed class SourceVerificationTests : SourceWorldFixture
{
    private static readonly ApiResource Secrets = new("", "v1", "Secret", "secrets", true);
    private static readonly ObjectKey Keys = new("portcullis-system", "keys");

    [Test]
    public async Task The_last_verified_revision_stays_in_force_when_a_newer_one_is_not_signed()
    {
        var key = World.Git.SignWithSsh();
        await SecretAsync("ann.sshpub", key, "root");
        var signed = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await World.SourceAsync(more: "  verify: {secretRef: {name: keys}}\n");
        var verified = await World.ReadyAsync(signed);
        World.Git.Git("config", "commit.gpgsign", "false");
        var unsigned = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit();

        var refused = await World.StatusAsync(s => s.Status!.LastAttemptedRevision == $"main@sha1:{unsigned}");

        Assert.Multiple(async () =>
        {
            Assert.That(verified.Status!.VerifiedBy, Does.StartWith("SHA256:"));
            Assert.That(verified.Status.Conditions!.Single(c => c.Type == "SourceVerified").Status, Is.EqualTo("True"));
            Assert.That(refused.Status!.InForceRevision, Is.EqualTo($"main@sha1:{signed}"));
            Assert.That(refused.Status.Conditions!.Single(c => c.Type == "SourceVerified").Message, Does.Contain("is not signed"));
            Assert.That((await World.ConfigMapAsync("a"))!["data"]!["key"]!.GetValue<string>(), Is.EqualTo("1"));
        });
    }

    [Test]
    public async Task A_key_taken_out_of_the_secret_counts_without_a_new_commit()
    {
        await SecretAsync("ann.sshpub", World.Git.SignWithSsh(), "root");
        var signed = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        var bob = World.Git.SignWithSsh("bob");
        await World.SourceAsync(more: "  verify: {secretRef: {name: keys}}\n");
        await World.ReadyAsync(signed);
        var ann = (await World.Client.GetAsync(Secrets, Keys, default)).Object("data").String("ann.sshpub");

        await ChangeKeysAsync(("ann.sshpub", null), ("bob.sshpub", Convert.ToBase64String(Encoding.UTF8.GetBytes(bob))));

        var refused = await World.StatusAsync(s => SourceWorld.Ready(s) is { Reason: "VerificationFailed" });
        await VisitAgainAsync();
        var still = await World.GetSourceAsync();
        Assert.Multiple(() =>
        {
            Assert.That(SourceWorld.Ready(refused)!.Message, Does.Contain("which is not among those allowed").And.Contain("stays in force"));
            Assert.That(refused.Status!.Conditions!.Single(c => c.Type == "SourceVerified").Status, Is.EqualTo("False"));
            Assert.That(refused.Status.InForceRevision, Is.EqualTo($"main@sha1:{signed}"));
            Assert.That(SourceWorld.Ready(still)!.Reason, Is.EqualTo("VerificationFailed"), "what failed is not forgotten at the next look");
        });

        await ChangeKeysAsync(("ann.sshpub", ann));
        await World.ReadyAsync(signed);

        await World.Client.DeleteAsync(Secrets, Keys, new DeleteOptions(), default);
        await World.StatusAsync(s => SourceWorld.Ready(s) is { Reason: "SecretNotUsable" });
    }

    [Test]
    public async Task A_change_of_the_secret_counts_at_once_however_seldom_the_source_looks()
    {
        var ann = World.Git.SignWithSsh();
        await SecretAsync("ann.sshpub", ann, "root");
        var signed = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await World.Cluster.ApplyAsync(
            $"apiVersion: portcullis.dev/v1alpha1\nkind: GitSource\nmetadata: {{name: root}}\nspec:\n  url: {World.Git.Folder}\n  interval: 1h\n  retryInterval: 1h\n  verify: {{secretRef: {{name: keys}}}}\n");
        await World.ReadyAsync(signed);

        await ChangeKeysAsync(("ann.sshpub", null), ("bob.sshpub", Convert.ToBase64String(Encoding.UTF8.GetBytes(World.Git.SignWithSsh("bob")))));
        await World.StatusAsync(s => SourceWorld.Ready(s) is { Reason: "VerificationFailed" });

        await World.Client.DeleteAsync(Secrets, Keys, new DeleteOptions(), default);
        await World.StatusAsync(s => SourceWorld.Ready(s) is { Reason: "SecretNotUsable" });

        await SecretAsync("ann.sshpub", ann, "root");
        await World.ReadyAsync(signed);
    }

    [Test]
    public async Task A_demand_for_signatures_that_the_commit_in_force_does_not_meet_stays_told()
    {
        var unsigned = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await SecretAsync("ann.sshpub", World.Git.SignWithSsh(), "root");
        await World.SourceAsync();
        await World.ReadyAsync(unsigned);

        await World.SourceAsync(more: "  verify: {secretRef: {name: keys}}\n");
        await World.StatusAsync(s => SourceWorld.Ready(s) is { Reason: "VerificationFailed" });
        await VisitAgainAsync();

        Assert.That(SourceWorld.Ready(await World.GetSourceAsync())!.Message, Does.Contain("is not signed"));
    }

    [Test]
    public async Task A_secret_for_another_source_is_not_used()
    {
        await SecretAsync("ann.sshpub", World.Git.SignWithSsh(), "other");
        World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await World.SourceAsync(more: "  verify: {secretRef: {name: keys}}\n");

        var source = await World.StatusAsync(s => SourceWorld.Ready(s) is { Reason: "SecretNotUsable" });

        Assert.That(SourceWorld.Ready(source)!.Message, Does.Contain("portcullis.dev/allowed-source=root"));
        Assert.That(await World.ConfigMapAsync("a"), Is.Null);
    }

    /// <summary>Two more looks, the second by a visit that found nothing new to look for.</summary>
    private async Task VisitAgainAsync()
    {
        foreach (var time in new[] { "one", "two" })
        {
            await World.Client.MergePatchAsync(
                GitSource.Definition,
                ObjectKey.Cluster("root"),
                new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["portcullis.dev/requestedAt"] = time } } },
                new WriteOptions("test"),
                default);
            await World.StatusAsync(s => s.Status!.LastHandledReconcileAt == time);
        }
    }

    private Task<JsonObject> ChangeKeysAsync(params (string Name, string? Content)[] keys)
    {
        var data = new JsonObject();
        foreach (var (name, content) in keys)
        {
            data[name] = content;
        }

        return World.Client.MergePatchAsync(Secrets, Keys, new JsonObject { ["data"] = data }, new WriteOptions("test"), default);
    }

    private Task<JsonObject> SecretAsync(string name, string content, string source) => World.Cluster.ApplyAsync(new JsonObject
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
