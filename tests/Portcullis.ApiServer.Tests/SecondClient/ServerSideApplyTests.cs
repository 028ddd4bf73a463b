using System.Net;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Portcullis.ApiServer.Tests.SecondClient;

[TestFixture]
internal sealed class ServerSideApplyTests : SecondClientFixture
{
    [Test]
    public async Task Each_manager_owns_the_fields_that_it_applies()
    {
        await ApplyAsync("first", "{\"a\":\"1\"}");
        var map = await ApplyAsync("second", "{\"b\":\"2\"}");
        Assert.That(map.Data, Is.EquivalentTo(new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" }));
        Assert.That(map.Metadata.ManagedFields.Select(m => (m.Manager, m.Operation)), Is.EquivalentTo([("first", "Apply"), ("second", "Apply")]));

        map = await ApplyAsync("first", "{}");
        Assert.That(map.Data, Is.EquivalentTo(new Dictionary<string, string> { ["b"] = "2" }), "what its only owner no longer applies is gone");
    }

    [Test]
    public async Task A_field_of_another_manager_is_a_conflict_unless_it_is_forced()
    {
        await ApplyAsync("first", "{\"a\":\"1\"}");
        var conflict = (await Assert.ThrowsAsync<HttpOperationException>(() => ApplyAsync("second", "{\"a\":\"2\"}")))!;
        Assert.That(conflict.Response.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        var status = JsonSerializer.Deserialize<V1Status>(conflict.Response.Content)!;
        Assert.That(status.Details.Causes.Single().Field, Is.EqualTo(".data.a"));
        Assert.That(status.Message, Does.Contain("conflict with \"first\""));

        var map = await ApplyAsync("second", "{\"a\":\"2\"}", force: true);
        Assert.That(map.Data["a"], Is.EqualTo("2"));
        Assert.That(map.Metadata.ManagedFields.Single().Manager, Is.EqualTo("second"));
    }

    [Test]
    public async Task An_object_of_a_custom_kind_is_applied_and_read()
    {
        await Cluster.ApplyAsync(
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: lamps.second.example}
            spec:
              group: second.example
              scope: Namespaced
              names: {kind: Lamp, plural: lamps, singular: lamp}
              versions:
              - name: v1
                served: true
                storage: true
                schema:
                  openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {colour: {type: string, enum: [red, green]}}}}}
            """);
        await LampAsync("red");
        using var lamps = new GenericClient(Client, "second.example", "v1", "lamps", disposeClient: false);
        var lamp = await lamps.ReadNamespacedAsync<Lamp>(Namespace, "desk");
        Assert.That(lamp.Spec!.Colour, Is.EqualTo("red"));

        var refused = (await Assert.ThrowsAsync<HttpOperationException>(() => LampAsync("blue")))!;
        Assert.That(refused.Response.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(refused.Response.Content, Does.Contain("Unsupported value: \\\"blue\\\""));
    }

    private Task<V1ConfigMap> ApplyAsync(string manager, string data, bool force = false) => Client.CoreV1.PatchNamespacedConfigMapAsync(
        new V1Patch($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"applied"},"data":{{{data}}}}""", V1Patch.PatchType.ApplyPatch),
        "applied",
        Namespace,
        fieldManager: manager,
        force: force);

    private Task<object> LampAsync(string colour) => Client.CustomObjects.PatchNamespacedCustomObjectAsync(
        new V1Patch($$$"""{"apiVersion":"second.example/v1","kind":"Lamp","metadata":{"name":"desk"},"spec":{"colour":"{{{colour}}}"}}""", V1Patch.PatchType.ApplyPatch),
        "second.example",
        "v1",
        Namespace,
        "lamps",
        "desk",
        fieldManager: "first");

    internal sealed class Lamp : IKubernetesObject<V1ObjectMeta>
    {
        public string ApiVersion { get; set; } = "second.example/v1";

        public string Kind { get; set; } = "Lamp";

        public V1ObjectMeta Metadata { get; set; } = new();

        public LampSpec? Spec { get; set; }
    }

    internal sealed record LampSpec(string Colour);
}
