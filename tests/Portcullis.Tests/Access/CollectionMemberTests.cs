using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Tests.Access;

/// <summary>Namespaces that were there before their collection: taken over by name or by label, and left with everything in them.</summary>
[TestFixture]
internal sealed class CollectionMemberTests : RunningOperatorFixture
{
    private static readonly WriteOptions ByHand = new("kubectl-label");
    private static readonly ApiResource Deployments = new("apps", "v1", "Deployment", "deployments", true);

    [Test]
    public async Task A_selector_takes_in_what_gets_the_label_and_lets_go_what_loses_it()
    {
        await WorkloadAsync("picked", "{squad: blue}");
        await WorkloadAsync("passed", "{squad: red}");
        await Operator.Cluster.ApplyAsync("""
            {apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: blue}, spec: {path: /blue, namespaceSelector: {matchLabels: {squad: blue}}, guardrails: {podSecurity: Baseline, resourceQuota: {hard: {pods: 7}}}}}
            ---
            {apiVersion: portcullis.dev/v1alpha1, kind: Grant, metadata: {name: blue}, spec: {subject: {kind: User, name: bea}, role: ViewOnly, collection: /blue}}
            """);
        await Operator.UntilAsync(() => Operator.MayAsync("bea", "list", "pods", "picked"), "the labelled namespace to be reached");
        await Operator.UntilAsync(async () => await MembersAsync("blue") is ["picked"], "the status to name it");
        Assert.That(await Operator.MayAsync("bea", "list", "pods", "passed"), Is.False);

        await LabelAsync("passed", "blue");
        await LabelAsync("picked", "red");
        await Operator.UntilAsync(() => Operator.MayAsync("bea", "list", "pods", "passed"), "the newly labelled namespace to be reached");
        await Operator.UntilAsync(async () => !await Operator.MayAsync("bea", "list", "pods", "picked"), "the other one to be let go");
        await Operator.UntilAsync(async () => await QuotaAsync("passed") is not null, "its guardrails to follow");
        await UntilFreeAsync("picked");
        Assert.That(await DeploymentAsync("picked"), Is.Not.Null);
    }

    [Test]
    public async Task What_a_collection_that_is_gone_put_late_into_a_namespace_that_a_selector_has_taken_in_does_not_stay()
    {
        await WorkloadAsync("handed-on", "{squad: green}");
        await Operator.Cluster.ApplyAsync("{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: green}, spec: {path: /green, namespaceSelector: {matchLabels: {squad: green}}}}");
        await Operator.UntilAsync(async () => await MembersAsync("green") is ["handed-on"], "the namespace to be taken in");
        await Operator.UntilAsync(async () => (await LabelsAsync("handed-on")).Contains(WellKnown.Labels.Collection), "and labelled");

        await Operator.Cluster.ApplyAsync(
            $"{{apiVersion: v1, kind: ResourceQuota, metadata: {{name: {GuardrailObjects.Name}, namespace: handed-on, labels: {{{WellKnown.Labels.ManagedBy}: {WellKnown.Labels.ManagedByValue}, {WellKnown.Labels.Collection}: before}}}}, spec: {{hard: {{pods: 7}}}}}}");

        await Operator.UntilAsync(async () => await QuotaAsync("handed-on") is null, "the quota to go");
    }

    [Test]
    public async Task A_namespace_whose_next_collection_gives_it_up_before_taking_it_in_is_let_go_by_the_one_before()
    {
        static string Collection(string name, string members, string more = "") =>
            $"{{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {{name: {name}}}, spec: {{path: /{name}, namespaces: [{members}]{more}}}}}";
        await WorkloadAsync("between", "{team: x}");
        await Operator.Cluster.ApplyAsync(Collection("gives", "{name: between, mode: Adopt}", ", guardrails: {resourceQuota: {hard: {pods: 7}}}"));
        await Operator.UntilAsync(async () => await QuotaAsync("between") is not null, "the namespace to be taken in");

        await Operator.Cluster.ApplyAsync(Collection("takes", "{name: between, mode: Adopt}", ", suspend: true"));
        await Operator.Cluster.ApplyAsync(Collection("gives", ""));
        await Operator.UntilAsync(async () => await MembersAsync("gives") is [], "the first to give it up");
        Assert.That(await LabelsAsync("between"), Does.Contain(WellKnown.Labels.Collection), "the second one may take it in");

        await Operator.Cluster.ApplyAsync(Collection("takes", "", ", suspend: true"));
        await UntilFreeAsync("between");
        await Operator.UntilAsync(async () => await QuotaAsync("between") is null, "the quota to go");
    }

    [Test]
    public async Task What_a_collection_that_is_gone_left_on_a_namespace_is_cleared_in_the_end()
    {
        await Operator.Cluster.ApplyAsync("{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: another}, spec: {path: /another}}");
        await WorkloadAsync("left-over", "{portcullis.dev/collection: vanished, vanished.tree.portcullis.dev/depth: \"0\"}");
        await Operator.Cluster.ApplyAsync(
            $"{{apiVersion: v1, kind: ResourceQuota, metadata: {{name: {GuardrailObjects.Name}, namespace: left-over, labels: {{{WellKnown.Labels.ManagedBy}: {WellKnown.Labels.ManagedByValue}, {WellKnown.Labels.Collection}: vanished}}}}, spec: {{hard: {{pods: 7}}}}}}");
        Assert.That(await LabelsAsync("left-over"), Does.Contain(WellKnown.Labels.Collection), "it may come back within moments");
        await UntilFreeAsync("left-over");
        await Operator.UntilAsync(async () => await QuotaAsync("left-over") is null, "the quota to go");
        Assert.That(await DeploymentAsync("left-over"), Is.Not.Null);
    }

    [Test]
    public async Task A_selector_never_takes_in_what_belongs_to_the_cluster()
    {
        await Operator.Client.MergePatchAsync(ClusterKinds.Namespace, ObjectKey.Cluster("default"), Labels("squad", "grey"), ByHand, default);
        await WorkloadAsync("grey", "{squad: grey}");
        await Operator.Cluster.ApplyAsync(
            "{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: grey}, spec: {path: /grey, namespaceSelector: {matchExpressions: [{key: squad, operator: In, values: [grey]}]}}}");
        await Operator.UntilAsync(Collection.Definition, "grey", c => c.Object("status")?["namespaceCount"]?.GetValue<int>() == 1, "one member");
        Assert.That(await MembersAsync("grey"), Is.EqualTo(new[] { "grey" }));
        await Operator.Client.MergePatchAsync(ClusterKinds.Namespace, ObjectKey.Cluster("default"), Labels("squad", null), ByHand, default);
    }

    [Test]
    public async Task An_existing_namespace_is_refused_until_adopted_and_keeps_its_labels_and_workloads_also_when_the_collection_goes()
    {
        await WorkloadAsync("inherited", "{cost-centre: \"12\", pod-security.kubernetes.io/audit: baseline}");
        await CollectionAsync("{name: inherited}");
        await Operator.UntilReadyAsync(Collection.Definition, "heirs", "False", CollectionReasons.NamespaceExists);
        Assert.That(await QuotaAsync("inherited"), Is.Null);

        await CollectionAsync("{name: inherited, mode: Adopt}");
        await Operator.UntilReadyAsync(Collection.Definition, "heirs");
        Assert.That(await QuotaAsync("inherited"), Is.Not.Null);
        Assert.That(await LabelsAsync("inherited"), Does.Contain("cost-centre").And.Contain("pod-security.kubernetes.io/enforce"));

        await Operator.Client.DeleteAsync(Collection.Definition, ObjectKey.Cluster("heirs"), new DeleteOptions(), default);
        await Operator.UntilAsync(async () => await Operator.Client.GetAsync(Collection.Definition, ObjectKey.Cluster("heirs"), default) is null, "the collection to go");
        await UntilFreeAsync("inherited");
        Assert.That(await LabelsAsync("inherited"), Is.EquivalentTo(new[] { "cost-centre", "pod-security.kubernetes.io/audit", "kubernetes.io/metadata.name" }));
        Assert.That(await DeploymentAsync("inherited"), Is.Not.Null);
    }

    [Test]
    public async Task A_namespace_that_leaves_a_collections_list_is_let_go_and_not_deleted()
    {
        await Operator.Cluster.ApplyAsync("{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: shrinking}, spec: {path: /shrinking, namespaces: [{name: shrink-a}, {name: shrink-b}], guardrails: {resourceQuota: {hard: {pods: 7}}}}}");
        await Operator.UntilReadyAsync(Collection.Definition, "shrinking");
        await DeployAsync("shrink-b");
        await Operator.Cluster.ApplyAsync("{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: shrinking}, spec: {path: /shrinking, namespaces: [{name: shrink-a}], guardrails: {resourceQuota: {hard: {pods: 7}}}}}");
        await UntilFreeAsync("shrink-b");
        Assert.That(await DeploymentAsync("shrink-b"), Is.Not.Null);
        Assert.That(await QuotaAsync("shrink-a"), Is.Not.Null);
    }

    [TestCase("spec: {path: /bare, namespaces: [], guardrails: {resourceQuota: {hard: {pods: 7}}}}", TestName = "A_namespace_that_lost_our_label_is_let_go_all_the_same_when_it_leaves")]
    [TestCase(null, TestName = "A_namespace_that_lost_our_label_is_let_go_all_the_same_when_its_collection_goes")]
    public async Task A_namespace_that_lost_our_label_is_let_go_all_the_same(string? then)
    {
        const string Declared = "{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: bare}, ";
        await Operator.Cluster.ApplyAsync(Declared + "spec: {path: /bare, namespaces: [{name: bare}], guardrails: {resourceQuota: {hard: {pods: 7}}}}}");
        await Operator.UntilReadyAsync(Collection.Definition, "bare");
        await Operator.RestartAsync(async () =>
        {
            var gone = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["portcullis.dev/collection"] = null } } };
            await Operator.Client.MergePatchAsync(ClusterKinds.Namespace, ObjectKey.Cluster("bare"), gone, ByHand, default);
            await (then is null
                ? Operator.Client.DeleteAsync(Collection.Definition, ObjectKey.Cluster("bare"), new DeleteOptions(), default)
                : Operator.Cluster.ApplyAsync(Declared + then + "}"));
        });
        await UntilFreeAsync("bare");
    }

    [TestCase("spec: {path: /racked, nodes: {names: []}, guardrails: {nodeIsolation: true}}", TestName = "A_node_that_lost_our_labels_is_let_go_all_the_same_when_it_leaves")]
    [TestCase(null, TestName = "A_node_that_lost_our_labels_is_let_go_all_the_same_when_its_collection_goes")]
    public async Task A_node_that_lost_our_labels_is_let_go_all_the_same(string? then)
    {
        const string Declared = "{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: racked}, ";
        await Operator.Cluster.ApplyAsync("{apiVersion: v1, kind: Node, metadata: {name: racked}}");
        await Operator.Cluster.ApplyAsync(Declared + "spec: {path: /racked, nodes: {names: [racked]}, guardrails: {nodeIsolation: true}}}");
        await Operator.UntilAsync(ClusterKinds.Node, "racked", n => n.Object("spec").Array("taints")?.Any(t => t.String("key") == WellKnown.Labels.NodePool) == true, "tainted");
        await Operator.RestartAsync(async () =>
        {
            var gone = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [WellKnown.Labels.Collection] = null, [WellKnown.Labels.NodePool] = null } } };
            await Operator.Client.MergePatchAsync(ClusterKinds.Node, ObjectKey.Cluster("racked"), gone, ByHand, default);
            await (then is null
                ? Operator.Client.DeleteAsync(Collection.Definition, ObjectKey.Cluster("racked"), new DeleteOptions(), default)
                : Operator.Cluster.ApplyAsync(Declared + then + "}"));
        });
        await Operator.UntilAsync(async () => await OursOnAsync("racked") is "", "the node to be let go");
    }

    /// <summary>Labels, annotations and taints of ours.</summary>
    private async Task<string> OursOnAsync(string node)
    {
        var present = await Operator.Client.GetAsync(ClusterKinds.Node, ObjectKey.Cluster(node), default);
        var (metadata, taints) = (present.Object("metadata"), present.Object("spec").Array("taints") ?? []);
        return string.Join(", ", new[] { "labels", "annotations" }.SelectMany(f => metadata.Object(f) ?? []).Select(e => e.Key).Concat(taints.Select(t => t.String("key")!))
            .Where(k => k.Contains("portcullis.dev", StringComparison.Ordinal) || k == WellKnown.Annotations.AccessLabel));
    }

    private Task CollectionAsync(string member) => Operator.Cluster.ApplyAsync(
        $"{{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {{name: heirs}}, spec: {{path: /heirs, namespaces: [{member}], guardrails: {{podSecurity: Baseline, resourceQuota: {{hard: {{pods: 7}}}}}}}}}}");

    private async Task WorkloadAsync(string name, string labels)
    {
        await Operator.Cluster.ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}, labels: {labels}}}}}");
        await DeployAsync(name);
    }

    private Task DeployAsync(string name) => Operator.Cluster.ApplyAsync(
        $"{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: shop, namespace: {name}}}, spec: {{selector: {{matchLabels: {{a: b}}}}, template: {{metadata: {{labels: {{a: b}}}}, spec: {{containers: [{{name: c, image: i}}]}}}}}}}}");

    private Task<JsonObject?> DeploymentAsync(string @namespace) => Operator.Client.GetAsync(Deployments, new ObjectKey(@namespace, "shop"), default);

    private Task<JsonObject?> QuotaAsync(string @namespace) => Operator.Client.GetAsync(ClusterKinds.ResourceQuota, new ObjectKey(@namespace, GuardrailObjects.Name), default);

    private Task<JsonObject> LabelAsync(string name, string squad) =>
        Operator.Client.MergePatchAsync(ClusterKinds.Namespace, ObjectKey.Cluster(name), Labels("squad", squad), ByHand, default);

    private static JsonObject Labels(string key, string? value) => new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [key] = value } } };

    private async Task<List<string>> LabelsAsync(string name) =>
        [.. (await Operator.Client.GetAsync(ClusterKinds.Namespace, ObjectKey.Cluster(name), default)).Object("metadata").Object("labels")!.Select(l => l.Key)];

    private async Task<List<string>> MembersAsync(string collection) =>
        (await Operator.Client.GetAsync(Collection.Definition, ObjectKey.Cluster(collection), default)).Object("status").Strings("namespaces");

    /// <summary>Nothing of ours on it any more, nor in it.</summary>
    private Task UntilFreeAsync(string name) => Operator.UntilAsync(
        async () => (await LabelsAsync(name)).TrueForAll(l => !l.Contains("portcullis.dev", StringComparison.Ordinal)) && await QuotaAsync(name) is null,
        $"the namespace {name} to be let go");
}
