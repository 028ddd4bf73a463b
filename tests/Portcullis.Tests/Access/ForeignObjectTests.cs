using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Roles;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Tests.Access;

/// <summary>Objects that were there before under names of ours are named, and taken over only where the collection says Adopt (design law 4).</summary>
[TestFixture]
internal sealed class ForeignObjectTests : RunningOperatorFixture
{
    [Test]
    public async Task A_binding_of_another_role_is_left_alone_and_named_until_it_is_deleted()
    {
        await CollectAsync("left", "namespaces: [{name: left}]");
        await Operator.UntilReadyAsync(Collection.Definition, "left");
        var before = Declared(await BindAsync("left", "cluster-admin", "mallory"));

        await GrantAsync("left-grant", "/left", "ViewOnly");

        var grant = await NotReadyAsync(Grant.Definition, "left-grant");
        Assert.That(MessageOf(grant), Does.Contain("RoleBinding left/portcullis:viewonly was not made by Portcullis (last written by field manager helm"));
        Assert.That(Declared(await GetAsync(ClusterKinds.RoleBinding, "left", "portcullis:viewonly")), Is.EqualTo(before));

        await Operator.Client.DeleteAsync(ClusterKinds.RoleBinding, new ObjectKey("left", "portcullis:viewonly"), new DeleteOptions(), default);
        await Operator.UntilReadyAsync(Grant.Definition, "left-grant");
        Assert.That(RoleOf(await GetAsync(ClusterKinds.RoleBinding, "left", "portcullis:viewonly")), Is.EqualTo("portcullis:viewonly"));
    }

    [TestCase("ResourceQuota", "spec: {hard: {configmaps: 7}}")]
    [TestCase("LimitRange", "spec: {limits: [{type: Pod, max: {cpu: 9}}]}")]
    [TestCase("NetworkPolicy", "spec: {podSelector: {}, policyTypes: [Ingress]}")]
    public async Task A_guardrail_of_another_is_left_alone_and_named_until_it_is_deleted(string kind, string content)
    {
        var (name, resource) = ($"kept-{kind.ToLowerInvariant()}", GuardrailObjects.Kinds.Single(k => k.Kind == kind));
        await CollectAsync(name, $"namespaces: [{{name: {name}}}]");
        await Operator.UntilReadyAsync(Collection.Definition, name);
        var before = Declared(await MakeAsync(resource, name, content));

        await CollectAsync(name, $"namespaces: [{{name: {name}}}]", Guardrails);

        var collection = await NotReadyAsync(Collection.Definition, name);
        Assert.Multiple(() =>
        {
            Assert.That(MessageOf(collection), Does.Contain($"{kind} {name}/portcullis-guardrails was not made by Portcullis").And.Contain("mode: Adopt"));
            Assert.That(RunningOperator.Condition(collection, CollectionJudge.GuardrailsEnforced).String("status"), Is.EqualTo("False"));
        });
        Assert.That(Declared(await GetAsync(resource, name, GuardrailObjects.Name)), Is.EqualTo(before));

        await Operator.Client.DeleteAsync(resource, new ObjectKey(name, GuardrailObjects.Name), new DeleteOptions(), default);
        await Operator.UntilReadyAsync(Collection.Definition, name);
    }

    [Test]
    public async Task Where_the_collection_says_Adopt_they_are_taken_over_as_a_whole()
    {
        await Operator.Cluster.ApplyAsync("{apiVersion: v1, kind: Namespace, metadata: {name: adopted}}");
        await BindAsync("adopted", "cluster-admin", "mallory");
        await MakeAsync(ClusterKinds.ResourceQuota, "adopted", "spec: {hard: {configmaps: 7, pods: 1}}");
        await MakeAsync(ClusterKinds.LimitRange, "adopted", "spec: {limits: [{type: Pod, max: {cpu: 9}}]}");
        await MakeAsync(ClusterKinds.NetworkPolicy, "adopted", "spec: {podSelector: {matchLabels: {a: b}}, policyTypes: [Ingress, Egress]}");

        await CollectAsync("adopted", "namespaces: [{name: adopted, mode: Adopt}]", Guardrails);
        await GrantAsync("adopted-grant", "/adopted", "ViewOnly");

        await Operator.UntilReadyAsync(Collection.Definition, "adopted");
        await Operator.UntilReadyAsync(Grant.Definition, "adopted-grant");
        Assert.Multiple(async () =>
        {
            Assert.That(await SpecAsync(ClusterKinds.ResourceQuota, "adopted"), Is.EqualTo("""{"hard":{"pods":"5"}}"""));
            Assert.That(await SpecAsync(ClusterKinds.LimitRange, "adopted"), Does.Not.Contain("Pod\"").And.Contain("Container"));
            Assert.That(await SpecAsync(ClusterKinds.NetworkPolicy, "adopted"), Does.Not.Contain("Egress").And.Not.Contain("matchLabels\":{\"a"));
            var binding = await GetAsync(ClusterKinds.RoleBinding, "adopted", "portcullis:viewonly");
            Assert.That((RoleOf(binding), binding["subjects"]!.ToJsonString()), Is.EqualTo(("portcullis:viewonly", """[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"vera"}]""")));
        });
        await Operator.EventAsync("ResourceQuota", GuardrailObjects.Name, "ResourceQuota adopted/portcullis-guardrails was not made by Portcullis");
        await Operator.EventAsync("RoleBinding", "portcullis:viewonly", "RoleBinding adopted/portcullis:viewonly was not made by Portcullis");
    }

    [Test]
    public async Task A_quota_with_scopes_is_made_anew_when_it_is_taken_over()
    {
        await Operator.Cluster.ApplyAsync("{apiVersion: v1, kind: Namespace, metadata: {name: scoped}}");
        await MakeAsync(ClusterKinds.ResourceQuota, "scoped", "spec: {hard: {pods: 5}, scopes: [BestEffort]}");

        await CollectAsync("scoped", "namespaces: [{name: scoped, mode: Adopt}]", Guardrails);

        await Operator.UntilReadyAsync(Collection.Definition, "scoped");
        Assert.That(await SpecAsync(ClusterKinds.ResourceQuota, "scoped"), Is.EqualTo("""{"hard":{"pods":"5"}}"""));
    }

    [Test]
    public async Task A_ClusterRole_of_another_is_left_alone_and_neither_the_role_nor_its_grants_are_Ready()
    {
        await Operator.Cluster.ApplyAsync(
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: 'portcullis:theirs'}, rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]}");
        await Operator.Cluster.ApplyAsync("{apiVersion: portcullis.dev/v1alpha1, kind: AccessRole, metadata: {name: theirs}, spec: {operations: [{name: Container Logs}]}}");
        await CollectAsync("theirs", "namespaces: [{name: theirs}]");
        await GrantAsync("theirs-grant", "/theirs", "theirs");

        var role = await NotReadyAsync(AccessRole.Definition, "theirs");
        var grant = await NotReadyAsync(Grant.Definition, "theirs-grant");
        Assert.Multiple(() =>
        {
            Assert.That(MessageOf(role), Does.Contain("ClusterRole portcullis:theirs was not made by Portcullis"));
            Assert.That(MessageOf(grant), Does.Contain("ClusterRole portcullis:theirs was not made by Portcullis"));
        });
        await Operator.UntilAsync(async () => !await Operator.MayAsync("vera", "delete", "secrets", "theirs"), "another's rules to give nothing");

        await Operator.Client.DeleteAsync(ClusterKinds.ClusterRole, ObjectKey.Cluster("portcullis:theirs"), new DeleteOptions(), default);
        await Operator.UntilReadyAsync(AccessRole.Definition, "theirs");
        await Operator.UntilReadyAsync(Grant.Definition, "theirs-grant");
    }

    [Test]
    public async Task A_field_that_somebody_adds_to_a_quota_is_taken_off_with_an_Event()
    {
        await CollectAsync("whole", "namespaces: [{name: whole}]", Guardrails);
        await Operator.UntilReadyAsync(Collection.Definition, "whole");

        await Operator.Client.MergePatchAsync(
            ClusterKinds.ResourceQuota,
            new ObjectKey("whole", GuardrailObjects.Name),
            new JsonObject { ["spec"] = new JsonObject { ["hard"] = new JsonObject { ["secrets"] = "0" } } },
            new WriteOptions("by-hand"),
            default);

        await Operator.UntilAsync(async () => await SpecAsync(ClusterKinds.ResourceQuota, "whole") == """{"hard":{"pods":"5"}}""", "the limit to go");
        await Operator.EventAsync("Collection", "whole", "by field manager by-hand");
    }

    [Test]
    public async Task What_is_put_in_the_place_of_ours_by_hand_is_no_object_from_before()
    {
        await CollectAsync("swapped", "namespaces: [{name: swapped}]", Guardrails);
        await Operator.UntilReadyAsync(Collection.Definition, "swapped");

        await Operator.Client.DeleteAsync(ClusterKinds.ResourceQuota, new ObjectKey("swapped", GuardrailObjects.Name), new DeleteOptions(), default);
        try
        {
            await MakeAsync(ClusterKinds.ResourceQuota, "swapped", "spec: {hard: {configmaps: 7}}");
        }
        catch (KubernetesApiException e) when (e.IsConflict)
        {
            // Ours was back first.
        }

        await Operator.UntilAsync(async () => await SpecAsync(ClusterKinds.ResourceQuota, "swapped") == """{"hard":{"pods":"5"}}""", "ours to be back");
        await Operator.UntilReadyAsync(Collection.Definition, "swapped");
    }

    private const string Guardrails = "resourceQuota: {hard: {pods: 5}}, limitRange: {limits: [{type: Container, max: {cpu: 2}}]}, networkIsolation: Collection";

    private Task<JsonObject> NotReadyAsync(ApiResource resource, string name) => Operator.UntilAsync(
        resource, name, o => RunningOperator.Condition(o, "Ready") is { } c && c.String("status") == "False" && c.String("reason") == "ForeignObject", "the foreign object to be named");

    /// <summary>All of it but what the server and its controllers note.</summary>
    private static string Declared(JsonObject value)
    {
        var declared = (JsonObject)value.DeepClone();
        declared.Remove("status");
        declared.Object("metadata")!.Remove("managedFields");
        declared.Object("metadata")!.Remove("resourceVersion");
        return declared.ToJsonString();
    }

    private static string? MessageOf(JsonObject value) => RunningOperator.Condition(value, "Ready").String("message");

    private static string? RoleOf(JsonObject binding) => binding.Object("roleRef").String("name");

    private async Task<JsonObject> BindAsync(string @namespace, string role, string user)
    {
        var body = (JsonObject)JsonNode.Parse(
            $$"""
            {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "portcullis:viewonly", "namespace": "{{@namespace}}"},
             "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "{{role}}"},
             "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "{{user}}"}]}
            """)!;
        await Operator.Client.CreateAsync(ClusterKinds.RoleBinding, body, new WriteOptions("helm"), default);
        return await GetAsync(ClusterKinds.RoleBinding, @namespace, "portcullis:viewonly");
    }

    private async Task<JsonObject> MakeAsync(ApiResource resource, string @namespace, string content)
    {
        var yaml = $"{{apiVersion: {resource.ApiVersion}, kind: {resource.Kind}, metadata: {{name: {GuardrailObjects.Name}, namespace: {@namespace}}}, {content}}}";
        var body = (JsonObject)Portcullis.Objects.Yaml.KubernetesYaml.Read(System.Text.Encoding.UTF8.GetBytes(yaml)).Documents[0].Root;
        await Operator.Client.CreateAsync(resource, body, new WriteOptions("helm"), default);
        return await GetAsync(resource, @namespace, GuardrailObjects.Name);
    }

    private async Task<JsonObject> GetAsync(ApiResource resource, string @namespace, string name) =>
        (await Operator.Client.GetAsync(resource, new ObjectKey(@namespace, name), default))!;

    private async Task<string?> SpecAsync(ApiResource resource, string @namespace) =>
        (await Operator.Client.GetAsync(resource, new ObjectKey(@namespace, GuardrailObjects.Name), default)).Object("spec")?.ToJsonString();

    private Task CollectAsync(string name, string members, string guardrails = "") => Operator.Cluster.ApplyAsync(
        $"{{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {{name: {name}}}, spec: {{path: /{name}, {members}, guardrails: {{{guardrails}}}}}}}");

    private Task GrantAsync(string name, string collection, string role) => Operator.Cluster.ApplyAsync(
        $"{{apiVersion: portcullis.dev/v1alpha1, kind: Grant, metadata: {{name: {name}}}, spec: {{subject: {{kind: User, name: vera}}, role: {role}, collection: {collection}}}}}");
}
