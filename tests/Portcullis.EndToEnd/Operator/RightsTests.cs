using System.Text.Json.Nodes;
using Portcullis.Core.Collections;
using Portcullis.Core.Sources;
using Portcullis.EndToEnd.Clusters;
using Portcullis.Kubernetes.Client;
using Portcullis.Testing;

namespace Portcullis.EndToEnd.Operator;

/// <summary>What becomes of a commit that asks for more than config/rbac lets the operator do.</summary>
[TestFixture]
internal sealed class RightsTests
{
    private static readonly ApiResource ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);
    private static readonly ApiResource ClusterRoles = new("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false);

    [Test]
    public async Task A_kind_without_the_right_to_it_is_told_and_follows_once_the_right_is_given_and_the_rest_does_not_wait()
    {
        await using var world = await OperatorWorld.StartAsync();
        var notes = new ObjectKey($"shop-{world.Mark}", "notes");
        world.Git.Write("production.yaml", Manifests.Collection($"production-{world.Mark}", $"/production-{world.Mark}", notes.Namespace));
        world.Git.Write("notes.yaml", $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: notes, namespace: {notes.Namespace}}}\ndata: {{a: b}}\n");
        world.Commit("A collection, and a kind of somebody else");
        await using var program = world.StartOperator();

        await SaysAsync(world, """1 of 2 objects""", "configmaps is forbidden");
        Assert.That((await SourceAsync(world))["status"]!["pending"]![0]!["file"]!.GetValue<string>(), Is.EqualTo("notes.yaml:1"));
        await Eventually.HoldsAsync(async () => (await GetAsync(world, Collection.Definition, $"production-{world.Mark}"))?["status"]?["conditions"]?.ToJsonString().Contains("1 namespace", StringComparison.Ordinal) == true);

        await world.Cluster.ApplyAsync(Manifests.ConfigMapsForOperator(world.Mark));
        await SaysAsync(world, "Applied 2 objects");
        Assert.That(await world.Cluster.Client.GetAsync(ConfigMaps, notes, CancellationToken.None), Is.Not.Null);

        await world.Cluster.Client.DeleteAsync(ClusterRoles, ObjectKey.Cluster($"operator-configmaps-{world.Mark}"), new DeleteOptions(), CancellationToken.None);
        world.Git.Remove("notes.yaml");
        world.Commit("No notes");
        await SaysAsync(world, "was removed from Git, but the operator may not read it", "configmaps");
        await world.Cluster.ApplyAsync(Manifests.ConfigMapsForOperator(world.Mark));
        await world.Cluster.Client.MergePatchAsync(
            GitSource.Definition,
            ObjectKey.Cluster(world.Root),
            new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["portcullis.dev/requestedAt"] = "now" } } },
            new WriteOptions("test"),
            CancellationToken.None);
        await Eventually.HoldsAsync(async () => await world.Cluster.Client.GetAsync(ConfigMaps, notes, CancellationToken.None) is null, TimeSpan.FromSeconds(60));
    }

    private static async Task SaysAsync(OperatorWorld world, params string[] texts)
    {
        _ = await Eventually.GetsAsync(
            async () => (await SourceAsync(world))["status"]?["conditions"]?.AsArray().FirstOrDefault(c => c!["type"]!.GetValue<string>() == "Ready")?["message"]?.GetValue<string>(),
            message => texts.All(t => message.Contains(t, StringComparison.Ordinal)),
            TimeSpan.FromSeconds(60));
    }

    private static async Task<JsonObject> SourceAsync(OperatorWorld world) => (await GetAsync(world, GitSource.Definition, world.Root))!;

    private static Task<JsonObject?> GetAsync(OperatorWorld world, ApiResource kind, string name) =>
        world.Cluster.Client.GetAsync(kind, ObjectKey.Cluster(name), CancellationToken.None);
}
