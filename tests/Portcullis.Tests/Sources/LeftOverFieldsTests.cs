using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;
using Portcullis.Testing;

namespace Portcullis.Tests.Sources;

/// <summary>What was tried with kubectl before it was committed, or put beside Git by hand, is not in force once Git does not say so.</summary>
internal sealed class LeftOverFieldsTests : SourceWorldFixture
{
    private const string Trial = "apiVersion: portcullis.dev/v1alpha1\nkind: NodeHardening\nmetadata: {name: trial}\nspec: {daemonJSON: {shutdown-timeout: 30, max-download-attempts: 7}}\n";

    private static readonly ApiResource Secrets = new("", "v1", "Secret", "secrets", true);

    [Test]
    public async Task A_key_of_ours_that_was_applied_with_kubectl_leaves_with_Git()
    {
        await KubectlAsync(NodeHardening.Definition, Trial);
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("trial.yaml", Trial).Commit());

        await World.ReadyAsync(World.Git.Write("trial.yaml", Trial.Replace(", max-download-attempts: 7", "", StringComparison.Ordinal)).Commit());

        Assert.That((await HardeningAsync()).Object("spec").Object("daemonJSON")!.ToJsonString(), Is.EqualTo("""{"shutdown-timeout":30}"""));
    }

    [Test]
    public async Task A_key_of_ours_that_is_added_by_hand_goes_at_once_and_is_told()
    {
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("trial.yaml", Trial).Commit());

        await PatchAsync("""{"spec":{"mode":"Audit","daemonJSON":{"runtimes":{"x":{"path":"/opt/x"}}}}}""");
        await PatchAsync("""{"spec":{"suspend":true}}""");

        var brought = await Eventually.GetsAsync(async () => await HardeningAsync() is { } now && now.Object("spec").Object("daemonJSON")!.Count == 2 && now.Object("spec")!["suspend"] is null ? now : null);
        Assert.That(brought.Object("spec").String("mode"), Is.EqualTo("Enforce"));
        await World.EventAsync("DriftReverted", "spec.daemonJSON.runtimes", "kubectl-patch");
    }

    [Test]
    public async Task A_key_of_another_kind_that_was_applied_with_kubectl_leaves_with_Git_and_that_of_another_tool_stays()
    {
        await KubectlAsync(SourceWorld.ConfigMaps, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: work, labels: {left: over}}\ndata: {key: \"1\", tried: \"1\"}\n");
        await World.Client.MergePatchAsync(
            SourceWorld.ConfigMaps, new ObjectKey("work", "a"), new JsonObject { ["data"] = new JsonObject { ["tool"] = "1" } }, new WriteOptions("tool"), default);
        await World.SourceAsync();

        await World.ReadyAsync(World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit());

        var stored = (await World.ConfigMapAsync("a"))!;
        Assert.That(stored.Object("data")!.Select(d => d.Key), Is.EquivalentTo(new[] { "key", "tool" }));
        Assert.That(stored.Object("metadata").Object("labels")!.ContainsKey("left"), Is.False);
    }

    [Test]
    public async Task A_Secret_declared_by_stringData_is_guarded_like_any_object_and_never_shown()
    {
        const string Secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: work}\nstringData: {token: s3cret-of-git, second: x}\n";
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("s.yaml", Secret).Commit());

        var other = Convert.ToBase64String("s3cret-of-somebody"u8);
        await World.Client.MergePatchAsync(
            Secrets, new ObjectKey("work", "s"), new JsonObject { ["data"] = new JsonObject { ["token"] = other } }, new WriteOptions("kubectl-edit"), default);

        var ours = Convert.ToBase64String("s3cret-of-git"u8);
        await Eventually.HoldsAsync(async () => (await SecretAsync()).Object("data").String("token") == ours);
        var told = (await World.EventAsync("DriftReverted", "data.token")).String("message");
        Assert.That(told, Does.Not.Contain(ours).And.Not.Contain(other).And.Not.Contain("s3cret"));
        await World.ReadyAsync(World.Git.Write("s.yaml", Secret.Replace(", second: x", "", StringComparison.Ordinal)).Commit());
        Assert.That((await SecretAsync()).Object("data")!.Select(d => d.Key), Is.EqualTo(new[] { "token" }));
    }

    private async Task<JsonObject> SecretAsync() => (await World.Client.GetAsync(Secrets, new ObjectKey("work", "s"), default))!;

    private async Task<JsonObject> HardeningAsync() => (await World.Client.GetAsync(NodeHardening.Definition, ObjectKey.Cluster("trial"), default))!;

    private Task<JsonObject> PatchAsync(string patch) => World.Client.MergePatchAsync(
        NodeHardening.Definition, ObjectKey.Cluster("trial"), (JsonObject)JsonNode.Parse(patch)!, new WriteOptions("kubectl-patch"), default);

    /// <summary>As kubectl apply without --server-side leaves an object.</summary>
    private Task<JsonObject> KubectlAsync(ApiResource resource, string yaml) => World.Client.CreateAsync(
        resource, (JsonObject)KubernetesYaml.Read(System.Text.Encoding.UTF8.GetBytes(yaml)).Documents[0].Root!, new WriteOptions("kubectl-client-side-apply"), default);
}
