using System.Text.Json.Nodes;
using Portcullis.Core.Grants;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Tests.Grants;

/// <summary>What counts as access that no Grant gives.</summary>
[TestFixture]
internal sealed class ForeignAccessTests
{
    [TestCase("subjects: [{kind: User, name: mallory}]", "web/edit: ClusterRole admin to User mallory")]
    [TestCase("subjects: [{kind: Group, name: ops}, {kind: User, name: ann}, {kind: User, name: ann}]", "web/edit: ClusterRole admin to Group ops, User ann")]
    [TestCase("subjects: [{kind: ServiceAccount, name: ci, namespace: build}, {kind: ServiceAccount, name: own, namespace: web}]", "web/edit: ClusterRole admin to ServiceAccount build/ci")]
    [TestCase("subjects: [{kind: ServiceAccount, name: own, namespace: web}]", null)]
    [TestCase("subjects: []", null)]
    [TestCase("", null)]
    public void A_binding_that_gives_somebody_from_elsewhere_a_role_is_foreign(string subjects, string? expected) =>
        Assert.That(ForeignAccess.Of(Binding("name: edit, namespace: web", subjects))?.ToString(), Is.EqualTo(expected));

    [Test]
    public void A_binding_of_grants_is_not_but_one_that_only_has_their_name_is() => Assert.Multiple(() =>
    {
        const string Subject = "subjects: [{kind: User, name: ann}]";
        Assert.That(ForeignAccess.Is(Binding("name: 'portcullis:viewonly', namespace: web, labels: {app.kubernetes.io/managed-by: portcullis}", Subject)), Is.False);
        Assert.That(ForeignAccess.Is(Binding("name: 'portcullis:viewonly', namespace: web", Subject)), Is.True);
        Assert.That(ForeignAccess.Is(Binding("name: edit, namespace: web, labels: {app.kubernetes.io/managed-by: portcullis}", Subject)), Is.True);
    });

    [Test]
    public void In_every_namespace_a_service_account_is_foreign_and_what_the_API_server_binds_itself_is_not() => Assert.Multiple(() =>
    {
        const string Subject = "subjects: [{kind: ServiceAccount, name: helm, namespace: kube-system}]";
        Assert.That(ForeignAccess.Of(Binding("name: helm", Subject))?.ToString(), Is.EqualTo("helm: ClusterRole admin to ServiceAccount kube-system/helm"));
        Assert.That(ForeignAccess.Is(Binding("name: helm, labels: {kubernetes.io/bootstrapping: rbac-defaults}", Subject)), Is.False);
    });

    private static JsonObject Binding(string metadata, string subjects) => (JsonObject)KubernetesYaml.Read(System.Text.Encoding.UTF8.GetBytes(
        $$"""
        metadata: { {{metadata}} }
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}
        {{subjects}}
        """)).Documents[0].Root;
}
