using System.Net;
using System.Text.Json.Nodes;
using Portcullis.Admission;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Tests.Access;

/// <summary>Pods on their way into collections, and reports on their way in from agents.</summary>
[TestFixture]
internal sealed class AdmissionTests : RunningOperatorFixture
{
    private static readonly ApiResource Pods = new("", "v1", "Pod", "pods", true);
    private static readonly ApiResource Reports = new(WellKnown.Group, WellKnown.Version, "NodeReport", "nodereports", false);
    private static readonly WriteOptions Writer = new("test");

    [OneTimeSetUp]
    public async Task PrepareAsync()
    {
        await Operator.Cluster.ApplyAsync("""
            {apiVersion: v1, kind: Node, metadata: {name: gpu-1}}
            ---
            {apiVersion: v1, kind: Node, metadata: {name: plain-1}}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Collection
            metadata: {name: gpu}
            spec: {path: /gpu, namespaces: [{name: gpu}], nodes: {names: [gpu-1]}, guardrails: {nodeIsolation: true}}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Collection
            metadata: {name: plain}
            spec: {path: /plain, namespaces: [{name: plain}]}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: ann}
            spec: {subject: {kind: User, name: ann}, role: RestrictedControl, collection: /plain}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: zoe}
            spec: {subject: {kind: User, name: zoe}, role: FullControl, collection: /plain}
            """);
        await Operator.UntilAsync(Collection.Definition, "gpu", c => c.Object("status")?["namespaceCount"]?.GetValue<int>() == 1, "complete");
        foreach (var grant in new[] { "ann", "zoe" })
        {
            await Operator.UntilAsync(Grant.Definition, grant, g => g.Object("status").Object("effective")?["namespaces"]?.GetValue<int>() == 1, "in force");
        }

        await Operator.UntilAsync(
            async () => await Operator.Client.GetAsync(ClusterKinds.ValidatingWebhook, ObjectKey.Cluster(WebhookConfigurations.ValidatingName), default) is not null
                && await Operator.Client.GetAsync(ClusterKinds.MutatingWebhook, ObjectKey.Cluster(WebhookConfigurations.MutatingName), default) is not null,
            "the webhooks to be registered");
        await Operator.UntilAsync(
            async () => (await Operator.Client.GetAsync(ClusterKinds.Namespace, ObjectKey.Cluster("gpu"), default)).Object("metadata").Object("labels") is not null,
            "the namespace to be labelled");
    }

    [Test]
    public async Task The_nodes_of_an_isolated_collection_are_tainted()
    {
        var node = await Operator.UntilAsync(ClusterKinds.Node, "gpu-1", n => (n.Object("spec").Array("taints") ?? []).Any(t => t.String("key") == WellKnown.Labels.NodePool), "tainted");
        Assert.That(node.Object("metadata").Object("labels").String(WellKnown.Labels.NodePool), Is.EqualTo("gpu"));
    }

    [Test]
    public async Task A_taint_taken_away_is_put_back_with_an_event_that_names_who_it_was()
    {
        await The_nodes_of_an_isolated_collection_are_tainted();

        await Operator.Client.MergePatchAsync(
            ClusterKinds.Node, ObjectKey.Cluster("gpu-1"), new JsonObject { ["spec"] = new JsonObject { ["taints"] = null } }, new WriteOptions("kubectl-taint"), default);

        await The_nodes_of_an_isolated_collection_are_tainted();
        await Operator.UntilAsync(
            async () =>
            {
                await foreach (var one in Operator.Client.ListAsync(new ApiResource("", "v1", "Event", "events", true), new ListOptions(), default))
                {
                    if (one.String("message") is { } message && message.Contains("Node gpu-1 was changed by", StringComparison.Ordinal))
                    {
                        return true;
                    }
                }

                return false;
            },
            "an Event");
    }

    [Test]
    public async Task A_pod_of_an_isolated_collection_is_sent_to_its_nodes()
    {
        var made = await Operator.Client.CreateAsync(Pods, Pod("gpu", "worker", "{}"), Writer, default);
        Assert.That(made.Object("spec").Object("nodeSelector").String(WellKnown.Labels.NodePool), Is.EqualTo("gpu"));
        Assert.That((made.Object("spec").Array("tolerations") ?? []).Any(t => t.String("key") == WellKnown.Labels.NodePool));
    }

    [Test]
    public async Task A_stranger_cannot_land_on_isolated_nodes()
    {
        var made = await Operator.Client.CreateAsync(Pods, Pod("plain", "greedy", """{"tolerations":[{"operator":"Exists"}]}"""), Writer, default);
        Assert.That(made.Object("spec").Object("affinity")?.ToJsonString(), Does.Contain("DoesNotExist"));
        var refused = await Assert.ThrowsAsync<KubernetesApiException>(
            () => Operator.Client.CreateAsync(Pods, Pod("plain", "direct", """{"nodeName":"gpu-1"}"""), Writer, default));
        Assert.That(refused!.Message, Does.Contain("gpu-1"));
    }

    [TestCase("""{"hostNetwork":true}""", "host-network")]
    [TestCase("""{"containers":[{"name":"c","image":"i","securityContext":{"privileged":true}}]}""", "privileged")]
    [TestCase("""{"volumes":[{"name":"v","hostPath":{"path":"/"}}]}""", "host-bind-mounts")]
    [TestCase("""{"volumes":[{"name":"v","nfs":{"server":"nfs.example","path":"/"}}]}""", "volume-drivers")]
    [TestCase("""{"securityContext":{"seccompProfile":{"type":"Unconfined"}}}""", "security-options")]
    [TestCase("""{"securityContext":{"sysctls":[{"name":"kernel.msgmax","value":"65536"}]}}""", "sysctls")]
    public async Task Who_holds_restricted_control_cannot_ask_for_what_full_control_may(string spec, string option)
    {
        var refused = await Assert.ThrowsAsync<KubernetesApiException>(
            () => Operator.As("ann").CreateAsync(Pods, Pod("plain", "ann-" + option, spec), Writer, default));
        Assert.That(refused!.Message, Does.Contain($"user \"ann\" does not have permissions to use {option} for resource Pod"));
        Assert.That(await Operator.As("zoe").CreateAsync(Pods, Pod("plain", "zoe-" + option, spec), Writer, default), Is.Not.Null);
        Assert.That(await Operator.As("ann").CreateAsync(Pods, Pod("plain", "plain-" + option, "{}"), Writer, default), Is.Not.Null);
    }

    [Test]
    public async Task A_daemon_set_of_an_isolated_collection_makes_pods_for_the_isolated_nodes_alone()
    {
        var daemonSet = (JsonObject)JsonNode.Parse("""
            {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "collector", "namespace": "gpu"},
             "spec": {"selector": {"matchLabels": {"app": "collector"}},
                      "template": {"metadata": {"labels": {"app": "collector"}}, "spec": {"containers": [{"name": "main", "image": "collector:1"}]}}}}
            """)!;
        var made = await Operator.Client.CreateAsync(ClusterKinds.DaemonSet, daemonSet, Writer, default);
        var spec = made.Object("spec").Object("template").Object("spec");
        Assert.That(spec.Object("nodeSelector").String(WellKnown.Labels.NodePool), Is.EqualTo("gpu"));
        Assert.That(spec.Array("tolerations")!.Select(t => t.String("key")), Does.Contain(WellKnown.Labels.NodePool));
    }

    [Test]
    public async Task Whoever_reaches_the_port_without_knowing_the_path_gets_no_answer()
    {
        var configuration = await Operator.Client.GetAsync(ClusterKinds.ValidatingWebhook, ObjectKey.Cluster(WebhookConfigurations.ValidatingName), default);
        var url = new Uri(configuration.Array("webhooks")![0].Object("clientConfig").String("url")!);
        using var handler = new HttpClientHandler { CheckCertificateRevocationList = true, ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var stranger = new HttpClient(handler);
        async Task<HttpStatusCode> PostAsync(string path)
        {
            using var content = new StringContent("{}");
            using var response = await stranger.PostAsync(new Uri(url, path), content);
            return response.StatusCode;
        }

        Assert.That(url.Segments, Has.Length.EqualTo(3));
        Assert.That(await PostAsync("/" + url.Segments[2]), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await PostAsync($"/{new string('0', 64)}/{url.Segments[2]}"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await PostAsync(url.AbsolutePath), Is.EqualTo(HttpStatusCode.BadRequest), "read, and no review");
    }

    [Test]
    public async Task A_template_is_held_to_the_same_as_a_pod()
    {
        var deployments = new ApiResource("apps", "v1", "Deployment", "deployments", true);
        var body = JsonNode.Parse("""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"sneaky","namespace":"plain"},"spec":{"selector":{"matchLabels":{"a":"b"}},
             "template":{"metadata":{"labels":{"a":"b"}},"spec":{"hostPID":true,"containers":[{"name":"c","image":"i"}]}}}}
            """)!.AsObject();
        var refused = await Assert.ThrowsAsync<KubernetesApiException>(() => Operator.As("ann").CreateAsync(deployments, body, Writer, default));
        Assert.That(refused!.Message, Does.Contain("host-pid"));
        await Task.CompletedTask;
    }

    [Test]
    public async Task An_agent_writes_the_report_of_its_own_node_alone()
    {
        var agent = Operator.As("portcullis:agent:plain-1", "system:masters");
        var own = new JsonObject { ["apiVersion"] = Reports.ApiVersion, ["kind"] = Reports.Kind, ["metadata"] = new JsonObject { ["name"] = "plain-1" }, ["spec"] = new JsonObject { ["node"] = "plain-1" } };
        var other = (JsonObject)own.DeepClone();
        other["metadata"]!["name"] = "gpu-1";
        other["spec"]!["node"] = "gpu-1";
        Assert.That(await agent.CreateAsync(Reports, own, Writer, default), Is.Not.Null);
        var refused = await Assert.ThrowsAsync<KubernetesApiException>(() => agent.CreateAsync(Reports, other, Writer, default));
        Assert.That(refused!.Message, Does.Contain("may write the NodeReport plain-1 only"));
    }

    [Test]
    public async Task A_webhook_configuration_that_is_deleted_comes_back()
    {
        await Operator.Client.DeleteAsync(ClusterKinds.MutatingWebhook, ObjectKey.Cluster(WebhookConfigurations.MutatingName), new DeleteOptions(), default);
        await Operator.UntilAsync(ClusterKinds.MutatingWebhook, WebhookConfigurations.MutatingName, _ => true, "back");
    }

    private static JsonObject Pod(string space, string name, string spec)
    {
        var body = JsonNode.Parse(spec)!.AsObject();
        body["containers"] ??= new JsonArray(new JsonObject { ["name"] = "c", ["image"] = "i" });
        return new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = space }, ["spec"] = body,
        };
    }
}
