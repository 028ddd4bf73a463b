using System.Text.Json.Nodes;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Testing;

namespace Portcullis.Tests.Sources;

/// <summary>What a source may take along when it, or what it declared, goes.</summary>
internal sealed class SourceRemovalTests : SourceWorldFixture
{
    private const string Shop = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";

    private static readonly ApiResource Namespaces = new("", "v1", "Namespace", "namespaces", false);
    private static readonly ApiResource Deployments = new("apps", "v1", "Deployment", "deployments", true);
    private static readonly ApiResource Pods = new("", "v1", "Pod", "pods", true);

    [Test]
    public async Task A_deleted_source_beyond_its_budget_waits_for_approval_and_deletes_nothing_until_then()
    {
        for (var i = 0; i < 4; i++)
        {
            World.Git.Write($"c{i}.yaml", SourceWorld.ConfigMap($"c{i}"));
        }

        var commit = World.Git.Commit();
        await World.SourceAsync(more: "  prune: {maxCount: 3}\n");
        await World.ReadyAsync(commit);
        await World.Client.DeleteAsync(GitSource.Definition, ObjectKey.Cluster("root"), new DeleteOptions(), default);

        var waiting = await World.StatusAsync(s => SourceWorld.Ready(s) is { Reason: "PruneBlocked" });

        Assert.That(
            SourceWorld.Ready(waiting)!.Message,
            Does.Contain("4 objects would be deleted and prune.maxCount is 3").And.Contain($"--overwrite portcullis.dev/approve=delete-{commit}"));
        await ApproveAsync(commit); // that commit's prune, not the end of everything
        await World.Client.DeleteAsync(GitSource.Definition, ObjectKey.Cluster("root"), new DeleteOptions(), default);
        for (var i = 0; i < 4; i++)
        {
            Assert.That(await World.ConfigMapAsync($"c{i}"), Is.Not.Null);
        }

        await ApproveAsync($"delete-{commit}");
        await GoneAsync(GitSource.Definition, ObjectKey.Cluster("root"));
        Assert.That(await World.ConfigMapAsync("c0"), Is.Null);
        Assert.That(await World.ConfigMapAsync("c3"), Is.Null);
    }

    [Test]
    public async Task A_deleted_source_counts_only_what_it_would_delete()
    {
        var kept = SourceWorld.ConfigMap("kept").Replace("metadata:\n", "metadata:\n  annotations: {portcullis.dev/prune: disabled}\n", StringComparison.Ordinal);
        World.Git.Write("kept.yaml", kept).Write("a.yaml", SourceWorld.ConfigMap("a"));
        await World.SourceAsync(more: "  prune: {maxCount: 1}\n");
        await World.ReadyAsync(World.Git.Commit());

        await World.Client.DeleteAsync(GitSource.Definition, ObjectKey.Cluster("root"), new DeleteOptions(), default);

        await GoneAsync(GitSource.Definition, ObjectKey.Cluster("root"));
        Assert.That(await World.ConfigMapAsync("a"), Is.Null);
        Assert.That(await World.ConfigMapAsync("kept"), Is.Not.Null);
    }

    [Test]
    public async Task An_inventory_deleted_or_edited_by_hand_is_written_again()
    {
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Write("b.yaml", SourceWorld.ConfigMap("b")).Commit());
        var inventory = ObjectKey.Cluster("root-0");
        var before = await World.Client.GetAsync(SourceInventory.Definition, inventory, default);

        await World.Client.DeleteAsync(SourceInventory.Definition, inventory, new DeleteOptions(), default);
        await SameAsync();
        await World.Client.MergePatchAsync(
            SourceInventory.Definition, inventory, new JsonObject { ["spec"] = new JsonObject { ["entries"] = new JsonArray() } }, new WriteOptions("hand"), default);
        await SameAsync();

        Task<JsonObject> SameAsync() => Eventually.GetsAsync(
            () => World.Client.GetAsync(SourceInventory.Definition, inventory, default), now => JsonNode.DeepEquals(now["spec"], before!["spec"]));
    }

    [Test]
    public async Task A_namespace_that_left_git_stays_while_it_holds_workloads()
    {
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Write("shop.yaml", Shop).Commit());
        await World.Cluster.ApplyAsync(Workload("apps/v1", "Deployment", "web", "selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx}]}}"));
        await World.Cluster.ApplyAsync("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default, namespace: shop}\n");
        await World.Cluster.ApplyAsync(Workload("v1", "Pod", "bare", "containers: [{name: web, image: nginx}]"));
        var commit = World.Git.Remove("shop.yaml").Commit();

        var blocked = await World.StatusAsync(s => s.Status!.PruneBlocked is [{ } one] && one.Message.Contains("Pod bare", StringComparison.Ordinal));
        Assert.Multiple(async () =>
        {
            Assert.That(blocked.Status!.PruneBlocked!.Single().Object, Is.EqualTo("Namespace shop"));
            Assert.That(SourceWorld.Ready(blocked)!.Reason, Is.EqualTo("PruneBlocked"));
            Assert.That(SourceWorld.Ready(blocked)!.Message, Does.Contain("was removed from Git but holds Pod bare"));
            Assert.That(await IsLivingAsync(Namespaces, ObjectKey.Cluster("shop")));
            Assert.That(await IsLivingAsync(Pods, new ObjectKey("shop", "bare")));
        });

        await World.Client.DeleteAsync(Pods, new ObjectKey("shop", "bare"), new DeleteOptions(), default);
        await World.StatusAsync(s => s.Status!.PruneBlocked is [{ } one] && one.Message.Contains("Deployment web", StringComparison.Ordinal));
        Assert.That(await IsLivingAsync(Namespaces, ObjectKey.Cluster("shop")));

        await World.Client.DeleteAsync(Deployments, new ObjectKey("shop", "web"), new DeleteOptions(), default);
        await GoneAsync(Namespaces, ObjectKey.Cluster("shop"));
        await World.ReadyAsync(commit);
    }

    [Test]
    public async Task A_deleted_source_leaves_a_namespace_with_workloads_alone()
    {
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Write("shop.yaml", Shop).Commit());
        await World.Cluster.ApplyAsync(Workload("apps/v1", "Deployment", "web", "selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx}]}}"));

        await World.Client.DeleteAsync(GitSource.Definition, ObjectKey.Cluster("root"), new DeleteOptions(), default);

        await GoneAsync(GitSource.Definition, ObjectKey.Cluster("root"));
        Assert.That(await World.ConfigMapAsync("a"), Is.Null);
        Assert.That(await IsLivingAsync(Namespaces, ObjectKey.Cluster("shop")));
        Assert.That(await IsLivingAsync(Deployments, new ObjectKey("shop", "web")));
    }

    [Test]
    public async Task A_deleted_source_takes_its_metrics_along()
    {
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit());
        await World.Cluster.ApplyAsync(SourceWorld.ConfigMap("a", value: "2"));
        await Eventually.HoldsAsync(async () => (await World.MetricsAsync()).Contains("drift_reverted_total{kind=\"ConfigMap\",source=\"root\"} 1", StringComparison.Ordinal));

        await World.Client.DeleteAsync(GitSource.Definition, ObjectKey.Cluster("root"), new DeleteOptions(), default);

        await GoneAsync(GitSource.Definition, ObjectKey.Cluster("root"));
        await Eventually.HoldsAsync(async () => !(await World.MetricsAsync()).Contains("\"root\"", StringComparison.Ordinal));
    }

    private static string Workload(string apiVersion, string kind, string name, string spec) =>
        $"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop}}\nspec: {{{spec}}}\n";

    private async Task<bool> IsLivingAsync(ApiResource resource, ObjectKey key) =>
        await World.Client.GetAsync(resource, key, default) is { } found && found["metadata"]!["deletionTimestamp"] is null;

    private Task GoneAsync(ApiResource resource, ObjectKey key) =>
        Eventually.HoldsAsync(async () => await World.Client.GetAsync(resource, key, default) is null, what: $"{resource.Kind} {key.Name} to be gone");

    private Task<JsonObject> ApproveAsync(string commit) => World.Client.MergePatchAsync(
        GitSource.Definition,
        ObjectKey.Cluster("root"),
        new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["portcullis.dev/approve"] = commit } } },
        new WriteOptions("test"),
        default);
}
