using System.Net;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Access;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing.Faults;

namespace Portcullis.Tests.Access;

/// <summary>One failure stays one failure (design law 9): what the API server refuses stops nothing but what depends on it.</summary>
[TestFixture]
internal sealed class RefusedWritesTests
{
    private static readonly Fault Forbidden = new Fault.Answer(HttpStatusCode.Forbidden, "Forbidden");

    private readonly FaultInjector _faults = new();
    private RunningOperator _operator = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _operator = await RunningOperator.StartAsync(_faults);

    [OneTimeTearDown]
    public async Task StopAsync() => await _operator.DisposeAsync();

    [TearDown]
    public void Clear() => _faults.Clear();

    [Test]
    public async Task A_binding_that_is_refused_stops_no_revocation_and_no_other_grant_of_its_namespace()
    {
        await CollectAsync("staging", "namespaces: [{name: staging}]");
        await GrantAsync("viewers", "vera", "/staging", "ViewOnly");
        await GrantAsync("contractor", "carla", "/staging", "FullControl");
        await _operator.UntilAsync(() => MayAsync("carla", "delete", "staging"), "carla to have access");
        _faults.Inject(
            r => r.Method == "PATCH" && r.Path.EndsWith("/namespaces/staging/rolebindings/portcullis:aaa-auditor", StringComparison.Ordinal), Forbidden, times: int.MaxValue);
        await _operator.Cluster.ApplyAsync(
            "{apiVersion: portcullis.dev/v1alpha1, kind: AccessRole, metadata: {name: aaa-auditor}, spec: {operations: [{name: Container Logs}]}}");
        await GrantAsync("auditors", "anna", "/staging", "aaa-auditor");
        await _operator.UntilAsync(
            Grant.Definition, "auditors", g => RunningOperator.Condition(g, "Ready").String("reason") == "Forbidden", "the refusal to be reported");

        await _operator.Client.DeleteAsync(Grant.Definition, ObjectKey.Cluster("contractor"), new DeleteOptions(), default);
        await _operator.UntilAsync(async () => !await MayAsync("carla", "delete", "staging"), "carla to lose her access");
        await _operator.UntilAsync(
            async () => await _operator.Client.GetAsync(Grant.Definition, ObjectKey.Cluster("contractor"), default) is null, "the revoked grant to go");

        await AddSubjectAsync("staging", "portcullis:viewonly", "mallory");
        await _operator.UntilAsync(async () => !await MayAsync("mallory", "list", "staging"), "mallory to be removed");
        await _operator.UntilReadyAsync(Grant.Definition, "viewers");
        Assert.That(await ReadyAsync("auditors"), Does.StartWith("False Forbidden"));
    }

    [Test]
    public async Task A_namespace_whose_label_is_refused_keeps_no_guardrail_from_the_others_and_is_named()
    {
        await CollectAsync("teams", "namespaces: [{name: aaa-policed}, {name: team-a}]", "resourceQuota: {hard: {pods: 50}}");
        await _operator.UntilReadyAsync(Collection.Definition, "teams");
        _faults.Inject(r => r.Method == "PATCH" && r.Path == "/api/v1/namespaces/aaa-policed", Forbidden, times: int.MaxValue);

        await CollectAsync("teams", "namespaces: [{name: aaa-policed}, {name: team-a}, {name: team-new}]", "podSecurity: Restricted, resourceQuota: {hard: {pods: 5}}");
        foreach (var name in new[] { "team-a", "team-new", "aaa-policed" })
        {
            await _operator.UntilAsync(
                ClusterKinds.ResourceQuota, GuardrailObjects.Name, q => q.Object("spec").Object("hard").String("pods") == "5", $"{name} to be bounded", name);
        }

        var collection = await _operator.UntilAsync(
            Collection.Definition, "teams", c => RunningOperator.Condition(c, "Ready").String("reason") == "Forbidden", "the refusal to be reported");
        var enforced = RunningOperator.Condition(collection, CollectionJudge.GuardrailsEnforced)!;
        Assert.Multiple(() =>
        {
            Assert.That(enforced.String("status"), Is.EqualTo("False"));
            Assert.That(enforced.String("message"), Does.Contain("Namespace aaa-policed").And.Not.Contains("team-"));
        });

        _faults.Clear();
        await _operator.UntilReadyAsync(Collection.Definition, "teams");
    }

    [Test]
    public async Task A_revocation_that_is_refused_keeps_its_grant_until_it_is_done()
    {
        await CollectAsync("kept", "namespaces: [{name: kept}]");
        await GrantAsync("leaving", "lena", "/kept", "Scheduler");
        await _operator.UntilReadyAsync(Grant.Definition, "leaving");
        _faults.Inject(
            r => r.Method == "DELETE" && r.Path.EndsWith("/namespaces/kept/rolebindings/portcullis:scheduler", StringComparison.Ordinal), Forbidden, times: 2);

        await _operator.Client.DeleteAsync(Grant.Definition, ObjectKey.Cluster("leaving"), new DeleteOptions(), default);
        await _operator.UntilAsync(
            async () => await _operator.Client.GetAsync(Grant.Definition, ObjectKey.Cluster("leaving"), default) is null, "the grant to go");
        Assert.That(await _operator.Client.GetAsync(ClusterKinds.RoleBinding, new ObjectKey("kept", "portcullis:scheduler"), default), Is.Null);
    }

    private async Task AddSubjectAsync(string @namespace, string binding, string user)
    {
        var key = new ObjectKey(@namespace, binding);
        var present = (await _operator.Client.GetAsync(ClusterKinds.RoleBinding, key, default))!;
        var subjects = (JsonArray)present["subjects"]!.DeepClone();
        subjects.Add((JsonNode)RbacSubject.User(user).ToJson());
        await _operator.Client.MergePatchAsync(ClusterKinds.RoleBinding, key, new JsonObject { ["subjects"] = subjects }, new WriteOptions("kubectl-edit"), default);
    }

    private async Task<string> ReadyAsync(string grant)
    {
        var ready = RunningOperator.Condition((await _operator.Client.GetAsync(Grant.Definition, ObjectKey.Cluster(grant), default))!, "Ready")!;
        return $"{ready.String("status")} {ready.String("reason")}: {ready.String("message")}";
    }

    private Task CollectAsync(string name, string members, string guardrails = "") => _operator.Cluster.ApplyAsync(
        $"{{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {{name: {name}}}, spec: {{path: /{name}, {members}, guardrails: {{{guardrails}}}}}}}");

    private Task GrantAsync(string name, string user, string collection, string role) => _operator.Cluster.ApplyAsync(
        $"{{apiVersion: portcullis.dev/v1alpha1, kind: Grant, metadata: {{name: {name}}}, spec: {{subject: {{kind: User, name: {user}}}, role: {role}, collection: {collection}}}}}");

    private Task<bool> MayAsync(string user, string verb, string @namespace) => _operator.MayAsync(user, verb, "pods", @namespace);
}
