using System.Text.Json.Nodes;
using Portcullis.Admission;
using Portcullis.Core;
using Portcullis.Core.Access;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Roles;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Tests.Access;

/// <summary>What a declared organization, collection and grant come to, as the API server answers it.</summary>
[TestFixture]
internal sealed class AccessTests : RunningOperatorFixture
{
    private static readonly WriteOptions ByHand = new("kubectl-edit");

    [OneTimeSetUp]
    public async Task PrepareAsync()
    {
        await Operator.Cluster.ApplyAsync("""
            apiVersion: portcullis.dev/v1alpha1
            kind: Organization
            metadata: {name: acme}
            spec:
              users: [{name: ann}, {name: bob}]
              teams: [{name: mobile, members: [bob]}]
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Collection
            metadata: {name: prod}
            spec:
              path: /prod
              namespaces: [{name: prod}]
              guardrails: {podSecurity: Privileged, resourceQuota: {hard: {pods: 50}}, networkIsolation: Subtree}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Collection
            metadata: {name: mobile}
            spec: {path: /prod/mobile, namespaces: [{name: mobile}], guardrails: {resourceQuota: {hard: {pods: 1000m}}}}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: team-views}
            spec: {subject: {kind: Team, name: acme/mobile}, role: ViewOnly, collection: /prod}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: ann-controls}
            spec: {subject: {kind: User, name: ann}, role: RestrictedControl, collection: /prod/mobile}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: groups}
            spec: {subject: {kind: Team, name: acme/mobile}, role: FullControl, collection: /prod, reach: Descendants, expand: Groups}
            """);
        foreach (var grant in new[] { "team-views", "ann-controls", "groups" })
        {
            await Operator.UntilAsync(
                Grant.Definition, grant, g => g.Object("status").Object("effective")?["namespaces"]?.GetValue<int>() > 0, "in force somewhere");
            await Operator.UntilReadyAsync(Grant.Definition, grant);
        }

        await Operator.UntilAsync(
            Grant.Definition, "team-views", g => g.Object("status").Object("effective")!["namespaces"]!.GetValue<int>() == 2, "in force in both namespaces");
    }

    [Test]
    public async Task Members_of_a_team_see_the_whole_subtree_and_change_nothing()
    {
        Assert.That(await Operator.MayAsync("bob", "list", "pods", "prod"));
        Assert.That(await Operator.MayAsync("bob", "get", "pods/log", "mobile"));
        Assert.That(await Operator.MayAsync("bob", "delete", "pods", "prod"), Is.False);
        Assert.That(await Operator.MayAsync("bob", "get", "secrets", "prod"), Is.False);
        Assert.That(await Operator.MayAsync("bob", "list", "pods", "default"), Is.False);
    }

    [Test]
    public async Task Restricted_control_is_control_without_exec_and_without_guardrails()
    {
        Assert.That(await Operator.MayAsync("ann", "create", "deployments", "mobile", "apps"));
        Assert.That(await Operator.MayAsync("ann", "create", "pods/exec", "mobile"), Is.False);
        Assert.That(await Operator.MayAsync("ann", "update", "resourcequotas", "mobile"), Is.False);
        Assert.That(await Operator.MayAsync("ann", "create", "rolebindings", "mobile", "rbac.authorization.k8s.io"), Is.False);
        Assert.That(await Operator.MayAsync("ann", "create", "deployments", "prod", "apps"), Is.False);
    }

    [Test]
    public async Task A_team_as_a_group_counts_for_whoever_brings_the_group()
    {
        Assert.That(await Operator.MayAsync("stranger", "create", "pods/exec", "mobile", "", "portcullis:acme:mobile"));
        Assert.That(await Operator.MayAsync("stranger", "create", "pods/exec", "mobile", "", "portcullis:acme"), Is.False);
        Assert.That(await Operator.MayAsync("stranger", "create", "pods/exec", "prod", "", "portcullis:acme:mobile"), Is.False);
    }

    [Test]
    public async Task Namespaces_carry_the_tree_and_the_strictest_guardrails()
    {
        var space = await Operator.UntilAsync(ClusterKinds.Namespace, "mobile", _ => true, "there");
        var labels = space.Object("metadata").Object("labels");
        Assert.That(labels.String("mobile.prod.tree.portcullis.dev/depth"), Is.EqualTo("0"));
        Assert.That(labels.String("prod.tree.portcullis.dev/depth"), Is.EqualTo("1"));
        Assert.That(space.Object("metadata").Object("annotations").String("com.docker.ucp.access.label"), Is.EqualTo("/prod/mobile"));
        var quota = await Operator.UntilAsync(ClusterKinds.ResourceQuota, GuardrailObjects.Name, _ => true, "there", "mobile");
        Assert.That(Quantity.Parse(quota.Object("spec").Object("hard").String("pods")), Is.EqualTo(Quantity.Parse("1")));
        Assert.That(await Operator.Client.GetAsync(ClusterKinds.NetworkPolicy, new ObjectKey("mobile", GuardrailObjects.Name), default), Is.Not.Null);
    }

    [Test]
    public async Task A_collection_says_when_its_network_policy_is_not_enforced()
    {
        if (Operator.Cluster.Embedded is null)
        {
            Assert.Ignore("a cluster of somebody else may well enforce it");
        }

        var collection = await Operator.UntilReadyAsync(Collection.Definition, "prod");
        Assert.That(RunningOperator.Condition(collection, "GuardrailsEnforced").String("reason"), Is.EqualTo("NetworkPolicyNotEnforced"));
        Assert.That(RunningOperator.Condition(collection, "Ready").String("message"), Does.EndWith("; networkIsolation is not enforced here"));
    }

    [Test]
    public async Task A_deleted_binding_comes_back_and_the_event_names_the_user()
    {
        await UntilObservedAsync();
        var key = new ObjectKey("prod", "portcullis:viewonly");
        await Operator.As("mallory", "system:masters").DeleteAsync(ClusterKinds.RoleBinding, key, new DeleteOptions(), default);
        await Operator.UntilAsync(ClusterKinds.RoleBinding, key.Name, _ => true, "back", key.Namespace);
        await Operator.EventAsync("Grant", "team-views", "was deleted by user mallory");
    }

    [Test]
    public async Task An_edited_namespace_or_quota_is_put_back_and_the_event_names_the_user()
    {
        await UntilObservedAsync();
        var mallory = Operator.As("mallory", "system:masters");
        await mallory.MergePatchAsync(
            ClusterKinds.Namespace,
            ObjectKey.Cluster("prod"),
            JsonNode.Parse("""{"metadata":{"labels":{"prod.tree.portcullis.dev/depth":"7"}}}""")!.AsObject(),
            ByHand,
            default);
        await Operator.UntilAsync(
            ClusterKinds.Namespace, "prod", n => n.Object("metadata").Object("labels").String("prod.tree.portcullis.dev/depth") == "0", "put back");
        await Operator.EventAsync("Collection", "prod", "Namespace prod was changed by user mallory");
        await mallory.MergePatchAsync(
            ClusterKinds.ResourceQuota,
            new ObjectKey("prod", GuardrailObjects.Name),
            JsonNode.Parse("""{"spec":{"hard":{"pods":"5000"}}}""")!.AsObject(),
            ByHand,
            default);
        await Operator.UntilAsync(
            ClusterKinds.ResourceQuota, GuardrailObjects.Name, q => q.Object("spec").Object("hard").String("pods") == "50", "put back", "prod");
        await Operator.EventAsync("Collection", "prod", "ResourceQuota prod/portcullis-guardrails was changed by user mallory");
        await mallory.DeleteAsync(ClusterKinds.ResourceQuota, new ObjectKey("prod", GuardrailObjects.Name), new DeleteOptions(), default);
        await Operator.EventAsync("Collection", "prod", "ResourceQuota prod/portcullis-guardrails was deleted by user mallory");
    }

    [Test]
    public async Task An_edited_cluster_role_is_put_back()
    {
        var name = ObjectKey.Cluster("portcullis:viewonly");
        await Operator.Client.MergePatchAsync(
            ClusterKinds.ClusterRole, name, JsonNode.Parse("""{"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}""")!.AsObject(), ByHand, default);
        await Operator.UntilAsync(
            ClusterKinds.ClusterRole, name.Name, r => JsonNode.DeepEquals(r["rules"], BuiltInRoles.ViewOnly.ClusterRole()["rules"]), "put back");
        await Operator.EventAsync("ClusterRole", name.Name, "was changed by field manager kubectl-edit");
        await Operator.Client.DeleteAsync(ClusterKinds.ClusterRole, name, new DeleteOptions(), default);
        await Operator.EventAsync("ClusterRole", name.Name, "was deleted by");
    }

    [Test]
    public async Task A_grant_begins_and_ends_by_the_clock()
    {
        var end = TimeProvider.System.GetUtcNow().AddSeconds(4).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        await Operator.Cluster.ApplyAsync($$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: brief}
            spec: {subject: {kind: User, name: visitor}, role: ViewOnly, collection: /prod, expiresAt: "{{end}}"}
            """);
        await Operator.UntilAsync(() => Operator.MayAsync("visitor", "list", "pods", "prod"), "the visitor to be let in");
        await Operator.UntilAsync(async () => !await Operator.MayAsync("visitor", "list", "pods", "prod"), "the visitor to be shown out");
        Assert.That(await Operator.MayAsync("bob", "list", "pods", "prod"));
        await Operator.UntilAsync(Grant.Definition, "brief", g => g.Object("status").Object("effective").String("state") == "Expired", "told as expired");
        await Operator.EventAsync("Grant", "brief", $"expired at {end}");
    }

    [Test]
    public async Task A_grant_that_names_nothing_real_is_stalled_and_deleting_one_takes_its_access()
    {
        await Operator.Cluster.ApplyAsync("""
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: wizard}
            spec: {subject: {kind: User, name: merlin}, role: wizard, collection: /prod}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: passing}
            spec: {subject: {kind: User, name: guest}, role: ViewOnly, collection: /prod}
            """);
        await Operator.UntilReadyAsync(Grant.Definition, "wizard", "False", AccessReasons.UnknownRole);
        await Operator.UntilReadyAsync(Grant.Definition, "passing");
        Assert.That(await Operator.MayAsync("guest", "list", "pods", "mobile"));
        await Operator.Client.DeleteAsync(Grant.Definition, ObjectKey.Cluster("passing"), new DeleteOptions(), default);
        await Operator.UntilAsync(async () => await Operator.Client.GetAsync(Grant.Definition, ObjectKey.Cluster("passing"), default) is null, "the grant to be gone");
        Assert.That(await Operator.MayAsync("guest", "list", "pods", "mobile"), Is.False);
        Assert.That(await Operator.MayAsync("bob", "list", "pods", "mobile"));
    }

    [Test]
    public async Task A_deleted_collection_waits_for_its_children_and_leaves_the_namespace_with_everything_in_it()
    {
        await Operator.Cluster.ApplyAsync("""
            apiVersion: portcullis.dev/v1alpha1
            kind: Collection
            metadata: {name: old}
            spec: {path: /old, guardrails: {resourceQuota: {hard: {pods: 3}}}, namespaces: [{name: old}]}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Collection
            metadata: {name: old-child}
            spec: {path: /old/child}
            """);
        await Operator.UntilReadyAsync(Collection.Definition, "old");
        await Operator.UntilReadyAsync(Collection.Definition, "old-child");
        await Operator.Cluster.ApplyAsync("""{apiVersion: v1, kind: ConfigMap, metadata: {name: precious, namespace: old}, data: {a: b}}""");
        await Operator.Client.DeleteAsync(Collection.Definition, ObjectKey.Cluster("old"), new DeleteOptions(), default);
        await Operator.UntilAsync(Collection.Definition, "old", c => RunningOperator.Condition(c, "Ready").String("reason") == "HasChildren", "waiting");
        Assert.That(await Operator.Client.GetAsync(ClusterKinds.ResourceQuota, new ObjectKey("old", GuardrailObjects.Name), default), Is.Not.Null);
        await Operator.Client.DeleteAsync(Collection.Definition, ObjectKey.Cluster("old-child"), new DeleteOptions(), default);
        await Operator.UntilAsync(async () => await Operator.Client.GetAsync(Collection.Definition, ObjectKey.Cluster("old"), default) is null, "the collection to go");
        var space = (await Operator.Client.GetAsync(ClusterKinds.Namespace, ObjectKey.Cluster("old"), default))!;
        Assert.That(space.Object("metadata").Object("labels")?.Select(l => l.Key), Has.None.Contains("portcullis.dev"));
        Assert.That(await Operator.Client.GetAsync(ClusterKinds.ResourceQuota, new ObjectKey("old", GuardrailObjects.Name), default), Is.Null);
        Assert.That(await Operator.Client.GetAsync(new ApiResource("", "v1", "ConfigMap", "configmaps", true), new ObjectKey("old", "precious"), default), Is.Not.Null);
    }

    /// <summary>Attribution by user needs the observing webhook.</summary>
    private Task UntilObservedAsync() => Operator.UntilAsync(
        async () => await Operator.Client.GetAsync(ClusterKinds.ValidatingWebhook, ObjectKey.Cluster(WebhookConfigurations.ValidatingName), default) is not null,
        "the webhooks to be registered");
}
