using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Admission;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;

namespace Portcullis.Tests.Declarations;

/// <summary>What the API server lets people do to objects of our kinds while the operator's webhooks answer, and who else may deliver them.</summary>
[TestFixture]
internal sealed class AdmittedEditsTests
{
    private const string Masters = "system:masters";
    private const string Manifests = """
        apiVersion: portcullis.dev/v1alpha1
        kind: Collection
        metadata: {name: shop}
        spec: {path: /shop, namespaces: [{name: shop}]}
        ---
        apiVersion: portcullis.dev/v1alpha1
        kind: Grant
        metadata: {name: ann-shop}
        spec: {subject: {kind: User, name: ann}, role: ViewOnly, collection: /shop}
        """;

    private static readonly ApiResource ClusterRoleBindings = ClusterKinds.ClusterRoleBinding;
    private static readonly WriteOptions Write = new("kubectl-edit");

    private DeclaringOperator _world = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _world = await DeclaringOperator.StartAsync();
        _world.Git.Write("all.yaml", Manifests).Commit();
    }

    [TearDown]
    public async Task EndAsync() => await _world.DisposeAsync();

    [Test]
    public async Task An_edit_creation_or_deletion_is_refused_with_the_file_and_line()
    {
        await StartOperatorAsync(EditPolicy.Refuse);
        var bert = _world.As("bert", Masters);
        Assert.Multiple(() =>
        {
            Assert.That(Refusal(() => bert.MergePatchAsync(Grant.Definition, Key("ann-shop"), Json("""{"spec":{"role":"FullControl"}}"""), Write, default)),
                Does.Contain("Grant ann-shop is declared by all.yaml:6 of the GitSource root at").And.Contain("change it there"));
            Assert.That(Refusal(() => bert.DeleteAsync(Collection.Definition, Key("shop"), new DeleteOptions(), default)), Does.Contain("all.yaml:1"));
            Assert.That(Refusal(() => bert.ApplyAsync(Grant.Definition, GrantOf("mine", "bert"), Write, default)), Does.Contain("is declared by no GitSource"));
            Assert.That(Refusal(() => bert.DeleteAsync(GitSource.Definition, Key("root"), new DeleteOptions(), default)), Does.Contain("the start parameters of the operator"));
        });
        await bert.MergePatchAsync(Grant.Definition, Key("ann-shop"), Json("""{"metadata":{"annotations":{"portcullis.dev/requestedAt":"now"}}}"""), Write, default);
        _world.Git.Write("all.yaml", Manifests.Replace("ViewOnly", "RestrictedControl", StringComparison.Ordinal)).Commit();
        await _world.BoundAsync("shop", "restrictedcontrol", "ann");
    }

    [Test]
    public async Task Pausing_and_approving_need_verbs_of_their_own()
    {
        await StartOperatorAsync(EditPolicy.Revert);
        await _world.Cluster.ApplyAsync(Role("patch"));
        await _world.Cluster.ApplyAsync("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: sre}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: sre}, subjects: [{kind: User, name: sue, apiGroup: rbac.authorization.k8s.io}]}");
        var sue = _world.As("sue");
        var pause = Annotate(WellKnown.Annotations.PauseUntil, TimeProvider.System.GetUtcNow().AddHours(1).ToString("O", CultureInfo.InvariantCulture));
        Assert.That(Refusal(() => sue.MergePatchAsync(Collection.Definition, Key("shop"), pause, Write, default)), Does.Contain("sue needs the verb pause on collections.portcullis.dev shop"));
        Assert.That(
            Refusal(() => sue.MergePatchAsync(Collection.Definition, Key("shop"), Annotate(WellKnown.Annotations.Approve, "x"), Write, default)), Does.Contain("needs the verb approve"));

        await _world.Cluster.ApplyAsync(Role("patch, pause"));
        await Eventually.HoldsAsync(async () => await TriesAsync(() => sue.MergePatchAsync(Collection.Definition, Key("shop"), pause, Write, default)));
        await Eventually.GetsAsync(() => _world.ConditionAsync(Collection.Definition, "shop", "Ready"), c => c.String("reason") == "Paused");
        await _world.EventAsync("Paused until ");
        await _world.Client.MergePatchAsync(ClusterKinds.Namespace, Key("shop"), Json("""{"metadata":{"labels":{"portcullis.dev/collection":null}}}"""), Write, default);
        await sue.MergePatchAsync(Collection.Definition, Key("shop"), Annotate(WellKnown.Annotations.PauseUntil, null), Write, default);
        await Eventually.HoldsAsync(
            async () => (await _world.Client.GetAsync(ClusterKinds.Namespace, Key("shop"), default)).Object("metadata").Object("labels").String("portcullis.dev/collection") == "shop",
            TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task A_pause_longer_than_four_hours_is_none()
    {
        await StartOperatorAsync(EditPolicy.Revert);
        await _world.EditAsync(Collection.Definition, "shop", Annotate(WellKnown.Annotations.PauseUntil, TimeProvider.System.GetUtcNow().AddHours(9).ToString("O", CultureInfo.InvariantCulture)).ToJsonString());
        await _world.EventAsync("is more than 4 hours ahead");
        Assert.That((await _world.ConditionAsync(Collection.Definition, "shop", "Ready")).String("reason"), Is.Not.EqualTo("Paused"));
    }

    [Test]
    public async Task What_a_trusted_applier_writes_counts_as_declared_and_what_others_claim_does_not()
    {
        await StartOperatorAsync(EditPolicy.Revert, s => s with { TrustedAppliers = ["flux"] });
        await _world.As("flux", Masters).ApplyAsync(Grant.Definition, GrantOf("delivered", "bob"), Write, default);
        await _world.BoundAsync("shop", "viewonly", "bob");

        var mallory = _world.As("mallory", Masters);
        var claimed = GrantOf("claimed", "mallory");
        claimed["metadata"]!["annotations"] = new JsonObject { [WellKnown.Annotations.AppliedBy] = "flux" };
        var stored = await mallory.ApplyAsync(Grant.Definition, claimed, Write, default);
        Assert.That(stored.Object("metadata").Object("annotations").String(WellKnown.Annotations.AppliedBy), Is.Null);
        await Eventually.GetsAsync(() => _world.ConditionAsync(Grant.Definition, "claimed", "Declared"), c => c.String("reason") == "NotDeclared");

        await mallory.MergePatchAsync(Grant.Definition, Key("delivered"), Json("""{"spec":{"role":"FullControl"}}"""), Write, default);
        await Eventually.GetsAsync(() => _world.ConditionAsync(Grant.Definition, "delivered", "Declared"), c => c.String("reason") == "Edited", TimeSpan.FromSeconds(30));
        Assert.That(_world.Bound.Keys, Has.None.Contains("mallory").And.None.Contains("fullcontrol"));
        Assert.That(await _world.IsBoundAsync("shop", "viewonly", "bob"));

        await _world.As("flux", Masters).DeleteAsync(Grant.Definition, Key("delivered"), new DeleteOptions(), default);
        await _world.BoundAsync("shop", "viewonly", "bob", isBound: false);
    }

    [Test]
    public async Task What_is_allowed_undeclared_says_so_and_full_control_never_is()
    {
        await StartOperatorAsync(EditPolicy.Revert, s => s with { AllowUndeclared = true });
        await _world.Cluster.ApplyAsync(GrantOf("try", "bob"));
        await _world.Cluster.ApplyAsync(GrantOf("too-much", "bob", "FullControl"));
        await _world.BoundAsync("shop", "viewonly", "bob");
        var declared = await Eventually.GetsAsync(() => _world.ConditionAsync(Grant.Definition, "try", "Declared"));
        Assert.That((declared.String("status"), declared.String("message")), Is.EqualTo(("False", "no GitSource declares it; declare it in Git; acted upon because of --allow-undeclared")));
        await Eventually.GetsAsync(() => _world.ConditionAsync(Grant.Definition, "too-much", "Stalled"));
        Assert.That(_world.Bound.Keys, Has.None.Contains("fullcontrol"));
        await _world.DeleteAsync(Grant.Definition, "try");
        await _world.BoundAsync("shop", "viewonly", "bob", isBound: false);
    }

    [Test]
    public async Task A_binding_to_a_role_of_ours_that_nobody_declares_is_removed()
    {
        await StartOperatorAsync(EditPolicy.Revert);
        const string Given = "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'portcullis:fullcontrol'}, subjects: [{kind: User, name: eve, apiGroup: rbac.authorization.k8s.io}]}";
        await _world.Cluster.ApplyAsync("{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: mine, namespace: shop}, " + Given);
        await _world.Cluster.ApplyAsync("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: mine}, " + Given);
        await Eventually.HoldsAsync(async () => await _world.Client.GetAsync(ClusterKinds.RoleBinding, new ObjectKey("shop", "mine"), default) is null);
        await Eventually.HoldsAsync(async () => await _world.Client.GetAsync(ClusterRoleBindings, Key("mine"), default) is null);
        await _world.EventAsync("ClusterRoleBinding mine, which gave portcullis:fullcontrol to User eve, was made ");
        Assert.That(await _world.IsBoundAsync("shop", "viewonly", "ann"));
    }

    [Test]
    public async Task A_definition_that_is_deleted_is_put_back_and_nobody_loses_access()
    {
        await StartOperatorAsync(EditPolicy.Revert, s => s with { KeepsDefinitions = true });
        await _world.DeleteAsync(ClusterKinds.CustomResourceDefinition, Grant.Definition.QualifiedPlural);
        await Eventually.HoldsAsync(
            async () => await TriesAsync(async () => Assert.That(await _world.Client.GetAsync(Grant.Definition, Key("ann-shop"), default), Is.Not.Null)), TimeSpan.FromSeconds(60), "the grant to be back");
        await Eventually.GetsAsync(() => _world.ConditionAsync(Grant.Definition, "ann-shop", "Ready"), c => c.String("status") == "True", TimeSpan.FromSeconds(60));
        Assert.That(_world.Bound["shop portcullis:viewonly ann"], Is.False, "ann lost her access for a moment");
    }

    private async Task StartOperatorAsync(EditPolicy edits, Func<Portcullis.Operator.OperatorSettings, Portcullis.Operator.OperatorSettings>? configure = null)
    {
        await _world.StartOperatorAsync(configure: s => (configure?.Invoke(s) ?? s) with { Admission = new AdmissionOptions { Port = 0, Edits = edits } });
        await _world.AppliedAsync();
        await _world.BoundAsync("shop", "viewonly", "ann");
        await Eventually.HoldsAsync(
            async () => await _world.Client.GetAsync(ClusterKinds.ValidatingWebhook, Key("portcullis"), default) is not null, TimeSpan.FromSeconds(30), "the webhooks to be registered");
    }

    private static ObjectKey Key(string name) => ObjectKey.Cluster(name);

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private static JsonObject Annotate(string annotation, string? value) =>
        new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = value } } };

    private static JsonObject GrantOf(string name, string user, string role = "ViewOnly") => Json(
        $$$"""{"apiVersion":"portcullis.dev/v1alpha1","kind":"Grant","metadata":{"name":"{{{name}}}"},"spec":{"subject":{"kind":"User","name":"{{{user}}}"},"role":"{{{role}}}","collection":"/shop"}}""");

    private static string Role(string verbs) =>
        $"{{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {{name: sre}}, rules: [{{apiGroups: [portcullis.dev], resources: ['*'], verbs: [get, {verbs}]}}]}}";

    private static string Refusal(Func<Task> act) => Assert.CatchAsync<KubernetesApiException>(() => act()).GetAwaiter().GetResult()!.Message;

    private static async Task<bool> TriesAsync(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (Exception e) when (e is KubernetesApiException or AssertionException)
        {
            return false;
        }
    }
}
