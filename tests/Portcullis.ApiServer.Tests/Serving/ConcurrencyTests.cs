using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Testing.Clusters;

namespace Portcullis.ApiServer.Tests.Serving;

[TestFixture]
internal sealed class ConcurrencyTests
{
    private static readonly ApiResource ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);

    [Test]
    public async Task Merge_patches_of_many_clients_to_one_object_are_all_in_it()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.ApplyAsync(ConfigMap(new JsonObject()));
        var key = new ObjectKey("default", "shared");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async client =>
        {
            for (var i = 0; i < 10; i++)
            {
                var patch = new JsonObject { ["data"] = new JsonObject { [$"c{client}-{i}"] = "x" } };
                await cluster.Client.MergePatchAsync(ConfigMaps, key, patch, new WriteOptions($"client-{client}"), CancellationToken.None);
            }
        }));
        var stored = await cluster.Client.GetAsync(ConfigMaps, key, CancellationToken.None);
        Assert.That(((JsonObject)stored!["data"]!).Count, Is.EqualTo(80));
    }

    [Test]
    public async Task Applies_by_different_managers_at_once_each_keep_their_fields()
    {
        await using var cluster = await TestCluster.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => cluster.Client.ApplyAsync(
            ConfigMaps, ConfigMap(new JsonObject { [$"k{i}"] = "v" }), new WriteOptions($"m{i}") { Force = false }, CancellationToken.None)));
        var stored = await cluster.Client.GetAsync(ConfigMaps, new ObjectKey("default", "shared"), CancellationToken.None);
        var managers = ((JsonArray)stored!["metadata"]!["managedFields"]!).Select(m => m!["manager"]!.ToString());
        Assert.Multiple(() =>
        {
            Assert.That(((JsonObject)stored["data"]!).Count, Is.EqualTo(8));
            Assert.That(managers, Is.EquivalentTo(Enumerable.Range(0, 8).Select(i => $"m{i}")));
        });
    }

    private static JsonObject ConfigMap(JsonObject data) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = "shared", ["namespace"] = "default" },
        ["data"] = data,
    };
}
