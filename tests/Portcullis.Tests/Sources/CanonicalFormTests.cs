using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Tests.Sources;

/// <summary>Values that the server stores in another form than they are written in are no drift, and do not hide any.</summary>
internal sealed class CanonicalFormTests : SourceWorldFixture
{
    private static readonly ApiResource Deployments = new("apps", "v1", "Deployment", "deployments", true);

    private static readonly ObjectKey Web = new("work", "web");

    private const string Manifests = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: work}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - name: web
                image: nginx
                ports: [{containerPort: 80}]
                resources: {limits: {cpu: 0.5, memory: 1024Mi}, requests: {cpu: 0.2}}
        ---
        apiVersion: scheduling.k8s.io/v1
        kind: PriorityClass
        metadata: {name: low}
        value: 10
        globalDefault: false
        description: ""
        ---
        apiVersion: v1
        kind: ResourceQuota
        metadata: {name: small, namespace: work}
        spec: {hard: {cpu: 2000m, memory: 1024Mi}}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: inward, namespace: work}
        spec: {podSelector: {}, ingress: [{ports: [{port: 80}]}]}

        """;

    [TestCase("")]
    [TestCase("  drift: {mode: Warn}\n")]
    public async Task Are_as_declared_also_after_a_restart(string more)
    {
        await World.SourceAsync(more: more);
        var commit = World.Git.Write("all.yaml", Manifests).Commit();
        var source = await World.ReadyAsync(commit);
        Assert.That(source.Status!.DriftCount, Is.Zero);
        var before = await VersionsAsync();

        await World.StopOperatorAsync();
        World.ForgetWrites();
        await World.StartOperatorAsync();
        await World.ReadyAsync(World.Git.Write("b.yaml", SourceWorld.ConfigMap("b")).Commit());

        Assert.That((await World.GetSourceAsync()).Status!.DriftCount, Is.Zero);
        Assert.That(await VersionsAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task A_real_difference_beside_them_is_named_alone()
    {
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("all.yaml", Manifests).Commit());
        await World.StopOperatorAsync();
        await PatchContainersAsync("kubectl-edit", containers => containers[0]!["image"] = "other");

        await World.StartOperatorAsync();

        var told = (await World.EventAsync("DriftReverted", "Deployment work/web")).String("message");
        Assert.That(told, Does.Contain("containers[0].image: \"other\" -> \"nginx\"").And.Not.Contain("cpu").And.Not.Contain("memory"));
        Assert.That((await ContainersAsync())[0].String("image"), Is.EqualTo("nginx"));
    }

    [Test]
    public async Task An_item_that_somebody_added_to_a_list_is_found_after_a_restart()
    {
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("all.yaml", Manifests).Commit());
        await World.StopOperatorAsync();
        await PatchContainersAsync("tool", containers => containers.Add((JsonNode)new JsonObject { ["name"] = "extra", ["image"] = "miner" }));

        await World.StartOperatorAsync();

        await World.EventAsync("DriftReverted", "Deployment work/web", "containers");
        Assert.That(await ContainersAsync(), Has.Count.EqualTo(1));
    }

    private async Task<JsonArray> ContainersAsync() =>
        (await World.Client.GetAsync(Deployments, Web, default)).Object("spec").Object("template").Object("spec").Array("containers")!;

    private async Task PatchContainersAsync(string manager, Action<JsonArray> change)
    {
        var containers = (JsonArray)(await ContainersAsync()).DeepClone();
        change(containers);
        await World.Client.MergePatchAsync(
            Deployments,
            Web,
            new JsonObject { ["spec"] = new JsonObject { ["template"] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = containers } } } },
            new WriteOptions(manager),
            default);
    }

    private async Task<string> VersionsAsync()
    {
        var versions = new List<string>();
        foreach (var (resource, key) in new (ApiResource, ObjectKey)[]
        {
            (Deployments, Web),
            (new("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", false), ObjectKey.Cluster("low")),
            (new("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true), new("work", "inward")),
        })
        {
            var value = await World.Client.GetAsync(resource, key, default);
            versions.Add($"{key} {value.Object("metadata").String("resourceVersion")}");
        }

        return string.Join('\n', versions);
    }
}
