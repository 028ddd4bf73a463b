using System.Text.Json.Nodes;
using Portcullis.Admission;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Tests.Access;

/// <summary>A namespace of a collection that somebody deletes: the Event on the collection says who it was.</summary>
[TestFixture]
internal sealed class DeletedNamespaceTests : RunningOperatorFixture
{
    [OneTimeSetUp]
    public Task WaitForWebhooksAsync() => Operator.UntilAsync(
        async () => await Operator.Client.GetAsync(ClusterKinds.ValidatingWebhook, ObjectKey.Cluster(WebhookConfigurations.ValidatingName), default) is not null,
        "the webhooks to be registered");

    [Test]
    public async Task One_that_was_created_is_created_again_with_its_guardrails()
    {
        await Operator.Cluster.ApplyAsync(
            "{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: made}, spec: {path: /made, namespaces: [{name: made}], guardrails: {resourceQuota: {hard: {pods: 5}}}}}");
        await Operator.UntilReadyAsync(Collection.Definition, "made");
        var before = await LabelledAsync("made");

        await DeleteAsync("made", "ann");

        await Operator.EventAsync("Collection", "made", "Namespace made was deleted by user ann; it was created again, without what it held");
        await Operator.UntilAsync(ClusterKinds.Namespace, "made", n => UidOf(n) != UidOf(before), "created again");
        await Operator.UntilAsync(ClusterKinds.ResourceQuota, GuardrailObjects.Name, q => q.Object("spec").Object("hard").String("pods") == "5", "bounded again", "made");
        await Operator.UntilReadyAsync(Collection.Definition, "made");
        Assert.That(await EventsAsync("made"), Has.None.Contains("ResourceQuota"));
    }

    [Test]
    public async Task One_that_was_taken_over_is_waited_for()
    {
        await Operator.Cluster.ApplyAsync("{apiVersion: v1, kind: Namespace, metadata: {name: taken}}");
        await Operator.Cluster.ApplyAsync(
            "{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: taken}, spec: {path: /taken, namespaces: [{name: taken, mode: Adopt}]}}");
        await Operator.UntilReadyAsync(Collection.Definition, "taken");
        await LabelledAsync("taken");

        await DeleteAsync("taken", "bob");

        await Operator.EventAsync("Collection", "taken", "Namespace taken was deleted by user bob; it is not created again");
        await Operator.UntilAsync(Collection.Definition, "taken", c => RunningOperator.Condition(c, "Ready").String("reason") == "NamespaceMissing", "to wait");
    }

    private static string? UidOf(JsonObject value) => value.Object("metadata").String("uid");

    private Task<JsonObject> LabelledAsync(string name) => Operator.UntilAsync(
        ClusterKinds.Namespace, name, n => n.Object("metadata").Object("labels").String(WellKnown.Labels.Collection) == name, "labelled");

    private async Task DeleteAsync(string name, string user) =>
        await Operator.As(user, "system:masters").DeleteAsync(ClusterKinds.Namespace, ObjectKey.Cluster(name), new DeleteOptions(), default);

    private async Task<List<string>> EventsAsync(string collection)
    {
        var messages = new List<string>();
        await foreach (var one in Operator.Client.ListAsync(new ApiResource("", "v1", "Event", "events", true), new ListOptions(), default))
        {
            if (one.Object("involvedObject").String("name") == collection)
            {
                messages.Add(one.String("message")!);
            }
        }

        return messages;
    }
}
