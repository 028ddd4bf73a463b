using System.Text.Json.Nodes;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Organizations;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;

namespace Portcullis.Tests.Declarations;

/// <summary>Git is the only way in (design law 1): what somebody typed is never acted upon, not for a moment, and what Git says stays in force meanwhile.</summary>
[TestFixture]
internal sealed class DeclaredObjectsTests
{
    private const string Manifests = """
        apiVersion: portcullis.dev/v1alpha1
        kind: Organization
        metadata: {name: acme}
        spec: {users: [{name: ann}, {name: bob}], teams: [{name: dev, members: [ann]}]}
        ---
        apiVersion: portcullis.dev/v1alpha1
        kind: Collection
        metadata: {name: shop}
        spec: {path: /shop, namespaces: [{name: shop}]}
        ---
        apiVersion: portcullis.dev/v1alpha1
        kind: Grant
        metadata: {name: dev-shop}
        spec: {subject: {kind: Team, name: acme/dev}, role: ViewOnly, collection: /shop}
        """;

    private const string Second = """
        apiVersion: portcullis.dev/v1alpha1
        kind: Grant
        metadata: {name: bob-shop}
        spec: {subject: {kind: User, name: bob}, role: RestrictedControl, collection: /shop}
        """;

    private DeclaringOperator _world = null!;

    [SetUp]
    public async Task DeclareAsync()
    {
        _world = await DeclaringOperator.StartAsync();
        _world.Git.Write("all.yaml", Manifests).Write("second.yaml", Second).Commit();
        await _world.StartOperatorAsync();
        await _world.AppliedAsync();
        await _world.BoundAsync("shop", "viewonly", "ann");
        await _world.BoundAsync("shop", "restrictedcontrol", "bob");
    }

    [TearDown]
    public async Task EndAsync() => await _world.DisposeAsync();

    [Test]
    public async Task An_edited_grant_is_brought_back_and_was_bound_at_no_moment()
    {
        await _world.EditAsync(Grant.Definition, "dev-shop", """{"spec":{"role":"FullControl"}}""");
        await _world.EditAsync(Organization.Definition, "acme", """{"spec":{"teams":[{"name":"dev","members":["mallory"]}]}}""");
        await Eventually.HoldsAsync(async () => (await SpecAsync(Grant.Definition, "dev-shop")).String("role") == "ViewOnly");
        await Eventually.HoldsAsync(async () => (await SpecAsync(Organization.Definition, "acme")).ToJsonString().Contains("ann", StringComparison.Ordinal));
        await NothingElseWasBoundAsync();
    }

    [Test]
    public async Task An_object_that_nobody_declares_has_no_effect_and_says_who_made_it()
    {
        await _world.Cluster.ApplyAsync("{apiVersion: portcullis.dev/v1alpha1, kind: Grant, metadata: {name: mine}, spec: {subject: {kind: User, name: mallory}, role: FullControl, collection: /shop}}");
        var declared = await Eventually.GetsAsync(() => _world.ConditionAsync(Grant.Definition, "mine", "Declared"));
        Assert.That((declared.String("status"), declared.String("reason")), Is.EqualTo(("False", "NotDeclared")));
        Assert.That(declared.String("message"), Does.Contain("no GitSource declares it").And.Contain("field manager"));
        await NothingElseWasBoundAsync();
        await _world.DeleteAsync(Grant.Definition, "mine");
        await Eventually.HoldsAsync(async () => await _world.Client.GetAsync(Grant.Definition, ObjectKey.Cluster("mine"), default) is null, what: "it to go");
    }

    [TestCase("Grant", "dev-shop")]
    [TestCase("Organization", "acme")]
    [TestCase("Collection", "shop")]
    [TestCase("GitSource", "root")]
    public async Task An_object_that_is_deleted_by_hand_comes_back_and_nobody_loses_access(string kind, string name)
    {
        var resource = Kinds.Catalog.Default.Kinds.All.Single(k => k.Resource.Kind == kind).Resource;
        var before = await UidAsync(resource, name);
        await _world.DeleteAsync(resource, name);
        await Eventually.HoldsAsync(async () => await UidAsync(resource, name) is { } uid && uid != before, TimeSpan.FromSeconds(30));
        await Eventually.HoldsAsync(
            async () => (await _world.ConditionAsync(resource, name, "Ready")).String("status") == "True", TimeSpan.FromSeconds(30), $"{kind} {name} to be Ready");
        await NothingElseWasBoundAsync();
    }

    [Test]
    public async Task What_was_edited_while_no_operator_ran_is_never_acted_upon()
    {
        await _world.StopOperatorAsync();
        await EditEverythingAsync();
        await _world.StartOperatorAsync();
        await Eventually.HoldsAsync(async () => (await SpecAsync(Grant.Definition, "dev-shop")).String("role") == "ViewOnly", TimeSpan.FromSeconds(30));
        await Eventually.HoldsAsync(async () => (await SpecAsync(Collection.Definition, "shop")).String("path") == "/shop", TimeSpan.FromSeconds(30));
        await RevokedStillWorksAsync();
        await NothingElseWasBoundAsync();
    }

    [Test]
    public async Task While_git_is_away_and_the_cache_empty_what_was_in_force_stays()
    {
        await _world.StopOperatorAsync();
        await EditEverythingAsync();
        Directory.Delete(_world.Git.Cache, recursive: true);
        var away = _world.Git.Folder + ".away";
        Directory.Move(_world.Git.Folder, away);
        await _world.StartOperatorAsync();
        var declared = await Eventually.GetsAsync(() => _world.ConditionAsync(Grant.Definition, "dev-shop", "Declared"), within: TimeSpan.FromSeconds(30));
        Assert.That((declared.String("status"), declared.String("reason")), Is.EqualTo(("Unknown", "DeclarationUnknown")));
        await _world.DeleteAsync(Grant.Definition, "dev-shop");
        await NothingElseWasBoundAsync();

        Directory.Move(away, _world.Git.Folder);
        await Eventually.HoldsAsync(async () => (await SpecAsync(Grant.Definition, "dev-shop")).String("role") == "ViewOnly", TimeSpan.FromSeconds(30));
        await RevokedStillWorksAsync();
        await NothingElseWasBoundAsync();
    }

    [Test]
    public async Task Objects_that_an_older_version_applied_are_confirmed_without_a_gap()
    {
        await _world.StopOperatorAsync();
        foreach (var (kind, name) in new[] { (Grant.Definition, "dev-shop"), (Collection.Definition, "shop"), (Organization.Definition, "acme") })
        {
            await _world.Client.MergePatchAsync(
                kind, ObjectKey.Cluster(name), new JsonObject { ["status"] = new JsonObject { ["declared"] = null } }, new WriteOptions("older"), default, "status");
        }

        await _world.StartOperatorAsync();
        await Eventually.HoldsAsync(async () => await DeclaredAsync("dev-shop") is not null, TimeSpan.FromSeconds(30));
        await RevokedStillWorksAsync();
        await NothingElseWasBoundAsync();
    }

    [Test]
    public async Task A_confirmation_names_generation_commit_and_source()
    {
        var declared = (await Eventually.GetsAsync(() => DeclaredAsync("dev-shop")))!;
        Assert.That(declared.ToJsonString(), Is.EqualTo($$"""{"generation":1,"commit":"{{_world.Git.Head}}","source":"root"}"""));
    }

    [Test]
    public async Task What_left_git_gives_nothing_any_more_although_the_object_is_kept()
    {
        await _world.EditAsync(Grant.Definition, "bob-shop", """{"metadata":{"annotations":{"portcullis.dev/prune":"disabled"}}}""");
        _world.Git.Remove("second.yaml").Commit();
        await _world.AppliedAsync();
        await _world.BoundAsync("shop", "restrictedcontrol", "bob", isBound: false);
        var declared = await Eventually.GetsAsync(() => _world.ConditionAsync(Grant.Definition, "bob-shop", "Declared"));
        Assert.That(declared.String("message"), Does.Contain("the GitSource root does not declare it"));
        Assert.That(await _world.IsBoundAsync("shop", "viewonly", "ann"));
    }

    [Test]
    public async Task Without_start_parameters_a_root_source_that_somebody_made_declares_nothing()
    {
        await _world.StopOperatorAsync();
        await _world.StartOperatorAsync(hasRoot: false);
        _world.Git.Remove("second.yaml").Commit();
        await Eventually.GetsAsync(
            () => _world.ConditionAsync(GitSource.Definition, "root", "Declared"),
            c => c.String("status") != "True",
            TimeSpan.FromSeconds(30));
        await NothingElseWasBoundAsync();
    }

    private async Task EditEverythingAsync()
    {
        await _world.EditAsync(Grant.Definition, "dev-shop", """{"spec":{"role":"FullControl","subject":{"kind":"User","name":"mallory"}}}""");
        await _world.EditAsync(Organization.Definition, "acme", """{"spec":{"teams":[{"name":"dev","members":["mallory"]}]}}""");
        await _world.EditAsync(Collection.Definition, "shop", """{"spec":{"path":"/elsewhere"}}""");
    }

    /// <summary>What left Git leaves the cluster: nothing is held for ever.</summary>
    private async Task RevokedStillWorksAsync()
    {
        await _world.AppliedAsync();
        Assert.That(_world.Bound["shop portcullis:restrictedcontrol bob"], Is.False);
        _world.Git.Remove("second.yaml").Commit();
        await _world.BoundAsync("shop", "restrictedcontrol", "bob", isBound: false);
    }

    private async Task NothingElseWasBoundAsync()
    {
        Assert.That(_world.Bound.Keys, Is.EquivalentTo(new[] { "shop portcullis:viewonly ann", "shop portcullis:restrictedcontrol bob" }));
        Assert.That(_world.Bound["shop portcullis:viewonly ann"], Is.False, "ann lost her access for a moment");
        Assert.That(await _world.IsBoundAsync("shop", "viewonly", "ann"));
    }

    private async Task<JsonObject> SpecAsync(ApiResource kind, string name) =>
        (await _world.Client.GetAsync(kind, ObjectKey.Cluster(name), default)).Object("spec") ?? [];

    private async Task<JsonObject?> DeclaredAsync(string grant) =>
        (await _world.Client.GetAsync(Grant.Definition, ObjectKey.Cluster(grant), default)).Object("status").Object("declared");

    private async Task<string?> UidAsync(ApiResource kind, string name) =>
        (await _world.Client.GetAsync(kind, ObjectKey.Cluster(name), default)).Object("metadata").String("uid");
}
