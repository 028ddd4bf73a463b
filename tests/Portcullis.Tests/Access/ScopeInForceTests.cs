using System.Text.Json.Nodes;
using Portcullis.Core.Access;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;

namespace Portcullis.Tests.Access;

/// <summary>No grant gives more than the source that declares it may give: also when the scope or a role changes after it was in force.</summary>
[TestFixture]
internal sealed class ScopeInForceTests : RunningOperatorFixture
{
    private static readonly WriteOptions ByHand = new("kubectl-edit");

    [OneTimeSetUp]
    public async Task PrepareAsync()
    {
        await Operator.Cluster.ApplyAsync("""
            {apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: scoped}, spec: {path: /scoped, namespaces: [{name: scoped}]}}
            ---
            {apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: beside}, spec: {path: /beside, namespaces: [{name: beside}]}}
            ---
            {apiVersion: portcullis.dev/v1alpha1, kind: AccessRole, metadata: {name: growing}, spec: {rules: [{apiGroups: [""], resources: [pods], verbs: [get, list]}]}}
            """);
        await Operator.UntilReadyAsync(Collection.Definition, "scoped");
        await Operator.UntilReadyAsync(Collection.Definition, "beside");
    }

    [TestCase("subject", "{kind: User, name: mallory}", "ViewOnly", "/scoped")]
    [TestCase("role", "{kind: User, name: ann-role}", "FullControl", "/scoped")]
    [TestCase("collection", "{kind: User, name: ann-collection}", "ViewOnly", "/beside")]
    public async Task What_is_beyond_the_scope_gives_nothing_however_it_came_into_the_cluster(string name, string subject, string role, string collection)
    {
        await SourceAsync(name, "collections: [/scoped], subjects: [\"User:ann*\"], maximumRole: RestrictedControl");
        await GrantAsync(name, name, subject, role, collection);
        await Operator.UntilReadyAsync(Grant.Definition, name, "False", AccessReasons.BeyondScope);
        var user = subject.Split("name: ")[1].TrimEnd('}');
        Assert.That(await Operator.MayAsync(user, "list", "pods", collection[1..]), Is.False);
    }

    [TestCase("less-subjects", "subjects: [\"User:bob\"]")]
    [TestCase("less-collections", "collections: [/beside]")]
    [TestCase("less-role", "maximumRole: None")]
    [TestCase("nothing", "collections: [], subjects: [], maximumRole: None")]
    public async Task A_scope_that_is_narrowed_takes_away_what_was_given_and_gives_it_back_when_it_is_widened(string name, string narrowed)
    {
        var user = $"user-{name}";
        string wide = $"collections: [/scoped], subjects: [\"User:{user}\"], maximumRole: ViewOnly";
        await SourceAsync(name, wide);
        await GrantAsync(name, name, $"{{kind: User, name: {user}}}", "ViewOnly", "/scoped");
        await Operator.UntilAsync(() => Operator.MayAsync(user, "list", "pods", "scoped"), "the grant to be in force");

        await SourceAsync(name, string.Join(", ", narrowed, string.Join(", ", wide.Split(", ").Where(p => !narrowed.Contains(p.Split(':')[0], StringComparison.Ordinal)))).TrimEnd(' ', ','));
        await Operator.UntilAsync(async () => !await Operator.MayAsync(user, "list", "pods", "scoped"), "the grant to be out of force");
        await Operator.UntilReadyAsync(Grant.Definition, name, "False", AccessReasons.BeyondScope);

        await SourceAsync(name, wide);
        await Operator.UntilAsync(() => Operator.MayAsync(user, "list", "pods", "scoped"), "the grant to be in force again");
        await Operator.UntilReadyAsync(Grant.Definition, name);
    }

    [Test]
    public async Task A_role_of_others_that_grows_beyond_the_maximum_is_given_no_longer()
    {
        await SourceAsync("grown", "collections: [/scoped], subjects: [\"User:gus\"], maximumRole: ViewOnly");
        await GrantAsync("grown", "grown", "{kind: User, name: gus}", "growing", "/scoped");
        await Operator.UntilAsync(() => Operator.MayAsync("gus", "list", "pods", "scoped"), "the grant to be in force");
        await Operator.Client.MergePatchAsync(
            Core.Roles.AccessRole.Definition,
            ObjectKey.Cluster("growing"),
            JsonNode.Parse("""{"spec":{"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get","list","delete"]}]}}""")!.AsObject(),
            ByHand,
            default);
        await Operator.UntilAsync(async () => !await Operator.MayAsync("gus", "list", "pods", "scoped"), "the grant to be out of force");
        Assert.That(await Operator.MayAsync("gus", "delete", "pods", "scoped"), Is.False);
    }

    [Test]
    public async Task A_namespace_that_its_source_may_no_longer_claim_is_out_of_reach_of_sources_with_a_scope_and_keeps_its_guardrails()
    {
        const string Wide = "collections: [/tenant], subjects: [\"User:*\"], maximumRole: ViewOnly, namespaces: [tenant-*]";
        await SourceAsync("tenant", Wide);
        await Operator.Cluster.ApplyAsync("""
            {apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: tenant, labels: {portcullis.dev/source: tenant}}, spec: {path: /tenant, namespaces: [{name: tenant-a}, {name: tenant-b}], guardrails: {resourceQuota: {hard: {pods: 3}}}}}
            ---
            {apiVersion: portcullis.dev/v1alpha1, kind: Grant, metadata: {name: by-hand}, spec: {subject: {kind: User, name: chief}, role: ViewOnly, collection: /tenant}}
            """);
        await GrantAsync("tenants", "tenant", "{kind: User, name: tina}", "ViewOnly", "/tenant");
        await Operator.UntilAsync(() => Operator.MayAsync("tina", "list", "pods", "tenant-a"), "the grant to be in force");
        await SourceAsync("tenant", Wide.Replace("tenant-*", "tenant-b", StringComparison.Ordinal));
        await Operator.UntilAsync(async () => !await Operator.MayAsync("tina", "list", "pods", "tenant-a"), "the grant to be out of force there");
        Assert.That(await Operator.MayAsync("tina", "list", "pods", "tenant-b"));
        Assert.That(await Operator.MayAsync("chief", "list", "pods", "tenant-a"), "what an administrator gave is no source's");
        Assert.That(await Operator.Client.GetAsync(Core.ClusterKinds.ResourceQuota, new ObjectKey("tenant-a", GuardrailObjects.Name), default), Is.Not.Null);
        await Operator.UntilReadyAsync(Collection.Definition, "tenant", "False", CollectionReasons.BeyondScope);
    }

    private Task SourceAsync(string name, string scope) => Operator.Cluster.ApplyAsync(
        $"{{apiVersion: portcullis.dev/v1alpha1, kind: GitSource, metadata: {{name: {name}}}, spec: {{url: \"https://git.example.com/{name}\", scope: {{{scope}}}}}}}");

    /// <summary>As a source writes it: with its label.</summary>
    private Task GrantAsync(string name, string source, string subject, string role, string collection) => Operator.Cluster.ApplyAsync(
        $"{{apiVersion: portcullis.dev/v1alpha1, kind: Grant, metadata: {{name: {name}, labels: {{portcullis.dev/source: {source}}}}}, spec: {{subject: {subject}, role: {role}, collection: {collection}}}}}");
}
