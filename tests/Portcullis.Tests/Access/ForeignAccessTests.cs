using System.Text.Json.Nodes;
using Portcullis.Commands;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Tests.Access;

/// <summary>Access that no Grant gives is counted in the collection's status and listed by <c>portcullis access foreign</c>.</summary>
[TestFixture]
internal sealed class ForeignAccessTests : RunningOperatorFixture
{
    [Test]
    public async Task A_binding_of_others_is_counted_and_listed_until_it_is_gone()
    {
        await Operator.Cluster.ApplyAsync("{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: shop}, spec: {path: /shop, namespaces: [{name: shop}]}}");
        await Operator.UntilReadyAsync(Collection.Definition, "shop");
        await BindAsync("shop", "own", "{kind: ServiceAccount, name: web, namespace: shop}");
        await BindAsync("default", "elsewhere", "{kind: User, name: mallory}");
        Assert.That(await ListAsync(), Is.EqualTo((0, "No RoleBinding gives access in a collection's namespaces but those of Grants.\n")));

        await BindAsync("shop", "edit", "{kind: User, name: mallory}");

        await UntilForeignAsync(1, "shop/edit: ClusterRole admin to User mallory");
        Assert.Multiple(async () =>
        {
            Assert.That(await ListAsync(), Is.EqualTo((1, "/shop\n  shop/edit: ClusterRole admin to User mallory\n")));
            Assert.That(await ListAsync("--collection", "/other"), Is.EqualTo((0, "No RoleBinding gives access in a collection's namespaces but those of Grants.\n")));
        });

        await Operator.Client.DeleteAsync(ClusterKinds.RoleBinding, new ObjectKey("shop", "edit"), new DeleteOptions(), default);
        await UntilForeignAsync(0, null);
    }

    [Test]
    public async Task Access_in_every_namespace_is_listed_when_asked_for()
    {
        await Operator.Cluster.ApplyAsync(
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: helm}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}, subjects: [{kind: ServiceAccount, name: helm, namespace: tools}]}");
        var (code, text) = await ListAsync("--cluster", "--output", "json", "--collection", "/none");
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(1));
            Assert.That(text, Does.Contain("\"binding\": \"helm\"").Or.Contain("\"binding\":\"helm\""));
            Assert.That(text, Does.Not.Contain("system:node"));
        });
    }

    private Task BindAsync(string @namespace, string name, string subject) => Operator.Cluster.ApplyAsync(
        $"{{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {{name: {name}, namespace: {@namespace}}}, roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}}, subjects: [{subject}]}}");

    private Task<JsonObject> UntilForeignAsync(int count, string? first) => Operator.UntilAsync(Collection.Definition, "shop", collection =>
        (int?)collection.Object("status")?["foreignBindings"] == count && (string?)collection.Object("status").Array("foreignAccess")?[0] == first, $"{count} foreign bindings");

    private async Task<(int Code, string Output)> ListAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        var code = await CommandLine.RunAsync(["access", "foreign", .. arguments, "--kubeconfig", Operator.Cluster.KubeconfigPath], output, TextWriter.Null, [AccessCommand.Create()]);
        return (code, output.ToString());
    }
}
