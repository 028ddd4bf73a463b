using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;
using Portcullis.Testing.Faults;

namespace Portcullis.Tests.Access;

/// <summary>What is to be taken away is taken away, also when a write fails, an answer is late or a watch is behind at the wrong moment.</summary>
[TestFixture]
internal sealed class AccessUnderFaultsTests
{
    private readonly FaultInjector _faults = new();
    private RunningOperator _operator = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _operator = await RunningOperator.StartAsync(_faults);
        foreach (var name in new[] { "here", "there" })
        {
            await _operator.Cluster.ApplyAsync($"{{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {{name: {name}}}, spec: {{path: /{name}, namespaces: [{{name: {name}}}]}}}}");
            await _operator.UntilReadyAsync(Collection.Definition, name);
        }
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _operator.DisposeAsync();

    [TearDown]
    public void Clear() => _faults.Clear();

    [Test]
    public async Task A_grant_that_moved_leaves_no_binding_behind_when_its_removal_fails_at_first()
    {
        await GrantAsync("moving", "moira", "collection: /here");
        await _operator.UntilAsync(() => MayAsync("moira", "here"), "the grant to be in force");
        _faults.Inject(r => r.Method is "DELETE" or "PATCH" && r.Path.Contains("/namespaces/here/rolebindings/", StringComparison.Ordinal), Fault.Conflict, times: 1);
        await GrantAsync("moving", "moira", "collection: /there");
        await _operator.UntilAsync(() => MayAsync("moira", "there"), "the grant to be in force where it is now");
        await _operator.UntilAsync(async () => !await MayAsync("moira", "here"), "the grant to be out of force where it was");
    }

    [Test]
    public async Task A_grant_that_is_suspended_and_moved_at_once_gives_nothing_where_it_was()
    {
        await GrantAsync("resting", "rosa", "collection: /here");
        await _operator.UntilAsync(() => MayAsync("rosa", "here"), "the grant to be in force");
        await GrantAsync("resting", "rosa", "collection: /there, suspend: true");
        await _operator.UntilAsync(async () => !await MayAsync("rosa", "here"), "the grant to be out of force where it was");
        Assert.That(await MayAsync("rosa", "there"), Is.False, "suspended");
    }

    [Test]
    public async Task A_suspended_grant_ends_on_time_also_while_its_namespace_is_being_put_right()
    {
        await GrantAsync("steady", "stan", "collection: /here", "FullControl");
        var end = TimeProvider.System.GetUtcNow().AddSeconds(5);
        var times = $"collection: /here, expiresAt: \"{end.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}\"";
        await GrantAsync("ending", "edna", times);
        await _operator.UntilAsync(() => MayAsync("edna", "here"), "the grant to be in force");
        await GrantAsync("ending", "edna", $"{times}, suspend: true");
        await _operator.UntilReadyAsync(Grant.Definition, "ending", "Unknown");
        await _operator.UntilReadyAsync(Grant.Definition, "steady");

        _faults.Inject(r => r.Method == "PATCH" && r.Path.EndsWith("/namespaces/here/rolebindings/portcullis:fullcontrol", StringComparison.Ordinal), new Fault.Delay(TimeSpan.FromSeconds(4)), times: 1);
        await Eventually.HoldsAsync(() => TimeProvider.System.GetUtcNow() > end.AddSeconds(-2.5));
        await _operator.Client.DeleteAsync(ClusterKinds.RoleBinding, new ObjectKey("here", "portcullis:fullcontrol"), new DeleteOptions(), default);
        await _operator.UntilAsync(async () => !await MayAsync("edna", "here"), "the grant to end");
        Assert.That(TimeProvider.System.GetUtcNow(), Is.GreaterThan(end.AddSeconds(-1)));
    }

    [Test]
    public async Task A_namespace_that_goes_from_one_collection_to_another_keeps_the_labels_of_the_other()
    {
        await _operator.Cluster.ApplyAsync("{apiVersion: v1, kind: Namespace, metadata: {name: relay}}");
        await HavingRelayAsync("giver", true);
        await HavingRelayAsync("taker", false);
        await _operator.UntilAsync(ClusterKinds.Namespace, "relay", n => OwnerOf(n) == "giver", "given");
        var isReading = (SeenRequest r) => r.Method == "GET" && r.Path == "/api/v1/namespaces/relay";
        _faults.Inject(isReading, new Fault.SlowBody(() => TimeSpan.FromSeconds(3)), times: 1);
        var read = _faults.Count(isReading);

        await HavingRelayAsync("giver", false);
        await Eventually.HoldsAsync(() => _faults.Count(isReading) > read);
        await HavingRelayAsync("taker", true);
        await _operator.UntilAsync(ClusterKinds.Namespace, "relay", n => OwnerOf(n) == "taker", "taken");
        var taken = await _operator.Client.GetAsync(ClusterKinds.Namespace, ObjectKey.Cluster("relay"), default);
        await _operator.UntilAsync(Collection.Definition, "giver", c => c.Object("status")?["namespaceCount"]?.GetValue<int>() == 0, "let go");

        var now = await _operator.Client.GetAsync(ClusterKinds.Namespace, ObjectKey.Cluster("relay"), default);
        Assert.That(now.Object("metadata").String("resourceVersion"), Is.EqualTo(taken.Object("metadata").String("resourceVersion")), now!.ToJsonString());
    }

    [Test]
    public async Task A_collection_that_is_deleted_before_the_watch_shows_its_labels_takes_them_along()
    {
        await _operator.Cluster.ApplyAsync("{apiVersion: v1, kind: Namespace, metadata: {name: brief}}");
        var isBehind = true;
        var isNamespaces = (SeenRequest r) => r.IsWatch && r.Path == "/api/v1/namespaces";
        _faults.Inject(isNamespaces, new Fault.SlowBody(() => Volatile.Read(ref isBehind) ? TimeSpan.FromSeconds(3) : TimeSpan.Zero), times: 1);
        var watches = _faults.Count(isNamespaces);
        Assert.That(_faults.CutOpen(isNamespaces), Is.GreaterThan(0));
        await Eventually.HoldsAsync(() => _faults.Count(isNamespaces) > watches);

        await _operator.Cluster.ApplyAsync("{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: brief}, spec: {path: /brief, namespaces: [{name: brief, mode: Adopt}], guardrails: {podSecurity: Baseline, resourceQuota: {hard: {pods: 7}}}}}");
        await _operator.UntilAsync(ClusterKinds.Namespace, "brief", n => Labels(n).Contains("portcullis.dev/collection"), "labelled");
        await _operator.Client.DeleteAsync(Collection.Definition, ObjectKey.Cluster("brief"), new DeleteOptions(), default);
        await _operator.UntilAsync(async () => await _operator.Client.GetAsync(Collection.Definition, ObjectKey.Cluster("brief"), default) is null, "the collection to go");
        Volatile.Write(ref isBehind, false);

        await _operator.UntilAsync(ClusterKinds.Namespace, "brief", n => Labels(n).TrueForAll(l => l == "kubernetes.io/metadata.name"), "free of labels");
        Assert.That(await _operator.Client.GetAsync(ClusterKinds.ResourceQuota, new ObjectKey("brief", GuardrailObjects.Name), default), Is.Null);
    }

    private static string? OwnerOf(JsonObject value) => value.Object("metadata").Object("labels").String(WellKnown.Labels.Collection);

    private Task HavingRelayAsync(string collection, bool has) => _operator.Cluster.ApplyAsync(
        $"{{apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {{name: {collection}}}, spec: {{path: /{collection}, namespaces: [{(has ? "{name: relay, mode: Adopt}" : "")}]}}}}");

    private static List<string> Labels(JsonObject value) => [.. value.Object("metadata").Object("labels")!.Select(l => l.Key)];

    private Task GrantAsync(string name, string user, string more, string role = "ViewOnly") => _operator.Cluster.ApplyAsync(
        $"{{apiVersion: portcullis.dev/v1alpha1, kind: Grant, metadata: {{name: {name}}}, spec: {{subject: {{kind: User, name: {user}}}, role: {role}, {more}}}}}");

    private Task<bool> MayAsync(string user, string @namespace) => _operator.MayAsync(user, "list", "pods", @namespace);
}
