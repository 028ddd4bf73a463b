using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Core.Kinds;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Sources;
using Portcullis.Sources.Apply;
using Portcullis.Sources.Fetch;
using Portcullis.Testing;

namespace Portcullis.Tests.Sources;

/// <summary>From a commit to the cluster, with real git against a real API.</summary>
internal sealed class GitSourceReconcilerTests : SourceWorldFixture
{
    [Test]
    public async Task Applies_a_commit_and_stamps_where_each_object_came_from()
    {
        var first = World.Git.Write("a.yaml", "# one\n" + SourceWorld.ConfigMap("a")).Write("b.yaml", SourceWorld.ConfigMap("b") + "---\n" + SourceWorld.ConfigMap("c")).Commit();
        World.Git.Git("config", "user.name", "Bob");
        var second = World.Git.Write("b.yaml", "# more\n" + SourceWorld.ConfigMap("b") + "---\n" + SourceWorld.ConfigMap("c", "2")).Commit();
        await World.SourceAsync();

        var source = await World.ReadyAsync(second);

        var a = (await World.ConfigMapAsync("a")).Object("metadata").Object("annotations");
        var b = (await World.ConfigMapAsync("b")).Object("metadata").Object("annotations");
        var c = (await World.ConfigMapAsync("c")).Object("metadata").Object("annotations");
        Assert.Multiple(() =>
        {
            Assert.That(source.Status!.LastAppliedRevision, Is.EqualTo($"main@sha1:{second}"));
            Assert.That(source.Status.Objects, Is.EqualTo(3));
            Assert.That(source.Status.History!.Single().Created, Is.EqualTo(3));
            Assert.That((a.String("portcullis.dev/source-commit"), a.String("portcullis.dev/source-path")), Is.EqualTo((first, "a.yaml:2")));
            Assert.That((b.String("portcullis.dev/source-commit"), b.String("portcullis.dev/source-path")), Is.EqualTo((first, "b.yaml:1")));
            Assert.That((c.String("portcullis.dev/source-commit"), c.String("portcullis.dev/source-path")), Is.EqualTo((second, "b.yaml:10")));
            Assert.That(c.String("portcullis.dev/source-author"), Is.EqualTo("Bob <ann@example.com>"));
        });
    }

    [Test]
    public async Task Ten_changed_of_many_are_exactly_ten_writes_and_unchanged_ones_none()
    {
        for (var i = 0; i < 300; i++)
        {
            World.Git.Write($"c{i}.yaml", SourceWorld.ConfigMap($"c{i}"));
        }

        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Commit());
        await World.StatusAsync(s => s.Status!.ObservedGeneration is not null);
        World.ForgetWrites();
        for (var i = 0; i < 10; i++)
        {
            World.Git.Write($"c{i * 7}.yaml", SourceWorld.ConfigMap($"c{i * 7}", "2"));
        }

        await World.ReadyAsync(World.Git.Commit());

        Assert.That(World.Writes.Count(w => w.Contains("/configmaps/", StringComparison.Ordinal)), Is.EqualTo(10), string.Join("\n", World.Writes));
        Assert.That(World.Writes.Count(w => !w.Contains("/configmaps/", StringComparison.Ordinal)), Is.LessThanOrEqualTo(3), string.Join("\n", World.Writes));

        World.ForgetWrites();
        var empty = World.Git.Commit("nothing changed");
        await World.ReadyAsync(empty);
        Assert.That(World.Writes.Where(w => w.Contains("/configmaps/", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task A_hand_edit_is_reverted_with_an_event_that_names_who_made_it()
    {
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit());
        var key = new ObjectKey("work", "a");

        await World.Client.MergePatchAsync(SourceWorld.ConfigMaps, key, Data("own", "kept"), new WriteOptions("another-controller"), default);
        await World.Client.MergePatchAsync(
            SourceWorld.ConfigMaps, key, new JsonObject { ["data"] = new JsonObject { ["key"] = "hand", ["more"] = "by hand" } }, new WriteOptions("kubectl-edit"), default);

        // What was added with kubectl goes by a write of its own, after the declared fields.
        var restored = await Eventually.GetsAsync(() => World.ConfigMapAsync("a"), a => a.Object("data") is var data && data.String("key") == "1" && data.String("more") is null);
        Assert.That(restored.Object("data").String("own"), Is.EqualTo("kept"), "foreign fields survive");
        await World.EventAsync("DriftReverted", "ConfigMap work/a", "by field manager kubectl-edit", "a.yaml:1", "data.key");

        await World.Client.DeleteAsync(SourceWorld.ConfigMaps, key, new DeleteOptions(), default);
        await Eventually.GetsAsync(() => World.ConfigMapAsync("a"));
        await World.EventAsync("DriftReverted", "ConfigMap work/a was deleted");

        await World.Client.MergePatchAsync(
            SourceWorld.ConfigMaps,
            key,
            new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["portcullis.dev/source"] = null } } },
            new WriteOptions("kubectl-label"),
            default);
        await Eventually.GetsAsync(() => World.ConfigMapAsync("a"), a => a.Object("metadata").Object("labels").String("portcullis.dev/source") == "root");
    }

    private static JsonObject Data(string key, string value) => new() { ["data"] = new JsonObject { [key] = value } };

    [Test]
    public async Task An_object_given_by_hand_to_a_source_that_is_none_is_taken_back_or_pruned()
    {
        const string Scope = "  scope: {kinds: [ConfigMap], namespaces: [work]}\n";
        await World.SourceAsync("team", Scope);
        await World.ReadyAsync(World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Write("b.yaml", SourceWorld.ConfigMap("b")).Commit(), "team");
        await GiveAsync("a");
        await Eventually.GetsAsync(() => World.ConfigMapAsync("a"), a => a.Object("metadata").Object("labels").String("portcullis.dev/source") == "team");

        await World.SourceAsync("team", Scope + "  suspend: true\n");
        await World.StatusAsync(s => SourceWorld.Ready(s)!.Reason == "Suspended", "team");
        await GiveAsync("b");
        var commit = World.Git.Remove("b.yaml").Commit();
        await World.SourceAsync("team", Scope);

        await World.ReadyAsync(commit, "team");
        await Eventually.HoldsAsync(async () => await World.ConfigMapAsync("b") is null);
    }

    [Test]
    public async Task Whoever_joins_a_team_by_hand_leaves_it_again()
    {
        static string Organization(string user) => $$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: Organization
            metadata: {name: acme}
            spec:
              users: [{name: {{user}}}]
              teams: [{name: web, members: [{{user}}]}]
            """;
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("a.yaml", Organization("ann")).Commit());

        // Server-side apply by another manager: the lists are merged by name, and applying our own again takes nothing away.
        await World.Cluster.ApplyAsync(Organization("eve"));

        await World.EventAsync("DriftReverted", "Organization acme was changed", "by field manager test", "spec.teams[0].members");
        var spec = await Eventually.GetsAsync(
            async () => (await World.Client.GetAsync(Core.Organizations.Organization.Definition, ObjectKey.Cluster("acme"), default)).Object("spec"),
            s => s["users"]!.AsArray().Count == 1);
        Assert.That(spec.ToJsonString(), Does.Not.Contain("eve").And.Contain("ann"));
    }

    [Test]
    public async Task A_revert_that_the_watch_shows_before_it_is_answered_is_told_all_the_same()
    {
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit());
        var key = new ObjectKey("work", "a");
        var live = World.Services.GetRequiredService<LiveObjects>();
        World.Hold = request => request.Path.Value!.EndsWith("/configmaps/a", StringComparison.Ordinal)
            ? Eventually.HoldsAsync(async () => live.Find(new ObjectIdentity("", "ConfigMap", key))?.ResourceVersion
                == (await World.ConfigMapAsync("a")).Object("metadata").String("resourceVersion"))
            : null;

        await World.Client.MergePatchAsync(
            SourceWorld.ConfigMaps, key, new JsonObject { ["data"] = new JsonObject { ["key"] = "hand" } }, new WriteOptions("kubectl-edit"), default);

        await World.EventAsync("DriftReverted", "ConfigMap work/a", "by field manager kubectl-edit", "a.yaml:1", "data.key");
    }

    [Test]
    public async Task Drift_in_mode_warn_is_told_and_left()
    {
        await World.SourceAsync(more: "  drift: {mode: Warn}\n");
        await World.ReadyAsync(World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit());

        await World.Client.MergePatchAsync(
            SourceWorld.ConfigMaps, new ObjectKey("work", "a"), new JsonObject { ["data"] = new JsonObject { ["key"] = "hand" } }, new WriteOptions("kubectl-edit"), default);

        var source = await World.StatusAsync(s => s.Status!.DriftCount == 1);
        Assert.That(source.Status!.Drift!.Single().Message, Is.EqualTo("data.key: \"hand\" -> \"1\""));
        Assert.That((await World.ConfigMapAsync("a")).Object("data").String("key"), Is.EqualTo("hand"));
    }

    [Test]
    public async Task One_wrong_line_keeps_the_whole_revision_out_and_the_status_names_it()
    {
        await World.SourceAsync();
        var good = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await World.ReadyAsync(good);
        var bad = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2"))
            .Write("bad.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\n  namespace: work\ndata:\n  n: yes\n")
            .Write("worse.yaml", "apiVersion: portcullis.dev/v1alpha1\nkind: Collection\nmetadata: {name: x}\nspec:\n  path: Nope\n  pth: a\n").Commit();

        var source = await World.StatusAsync(s => s.Status!.LastAttemptedRevision == $"main@sha1:{bad}");

        Assert.Multiple(async () =>
        {
            Assert.That(source.Status!.Problems!.Select(p => p.File), Is.SupersetOf(new[] { "bad.yaml:7", "worse.yaml:5", "worse.yaml:6" }));
            Assert.That(source.Status.InForceRevision, Is.EqualTo($"main@sha1:{good}"));
            Assert.That(SourceWorld.Ready(source)!.Reason, Is.EqualTo("InvalidRevision"));
            Assert.That((await World.ConfigMapAsync("a")).Object("data").String("key"), Is.EqualTo("1"));
        });
        await World.EventAsync("InvalidRevision", "bad.yaml:7", "worse.yaml:5");

        World.Git.Remove("bad.yaml").Remove("worse.yaml");
        var mended = await World.ReadyAsync(World.Git.Commit());
        Assert.That(mended.Status!.Problems, Is.Null);
    }

    [Test]
    public async Task A_refused_object_does_not_stop_the_others_and_is_tried_again()
    {
        var refusing = true;
        World.Refuse = r => refusing && r.Method == "PATCH" && r.Path.Value!.EndsWith("/configmaps/c50", StringComparison.Ordinal) ? (403, "denied by policy") : null;
        for (var i = 0; i < 100; i++)
        {
            World.Git.Write($"c{i}.yaml", SourceWorld.ConfigMap($"c{i}"));
        }

        var commit = World.Git.Commit();
        await World.SourceAsync();

        var source = await World.StatusAsync(s => s.Status!.PendingCount == 1);
        Assert.Multiple(async () =>
        {
            Assert.That(source.Status!.Pending!.Single().Object, Is.EqualTo("ConfigMap work/c50"));
            Assert.That(source.Status.Pending!.Single().File, Is.EqualTo("c50.yaml:1"));
            Assert.That(source.Status.Pending!.Single().Message, Does.Contain("denied by policy"));
            Assert.That(source.Status.LastAppliedCommit, Is.Null);
            Assert.That(SourceWorld.Ready(source)!.Reason, Is.EqualTo("ObjectsPending"));
            Assert.That(await World.ConfigMapAsync("c99"), Is.Not.Null);
        });

        refusing = false;
        await World.ReadyAsync(commit);
        Assert.That(await World.ConfigMapAsync("c50"), Is.Not.Null);
    }

    [Test]
    public async Task Prunes_within_the_budget_and_waits_for_approval_beyond_it()
    {
        for (var i = 0; i < 6; i++)
        {
            World.Git.Write($"c{i}.yaml", SourceWorld.ConfigMap($"c{i}"));
        }

        await World.SourceAsync(more: "  prune: {maxCount: 2}\n");
        await World.ReadyAsync(World.Git.Commit());

        await World.ReadyAsync(World.Git.Remove("c0.yaml").Commit());
        await Eventually.HoldsAsync(async () => await World.ConfigMapAsync("c0") is null);

        var commit = World.Git.Remove("c1.yaml").Remove("c2.yaml").Remove("c3.yaml").Commit();
        var blocked = await World.StatusAsync(s => s.Status!.PruneBlockedCount == 3);
        Assert.That(SourceWorld.Ready(blocked)!.Message, Does.Contain($"portcullis.dev/approve={commit}"));
        Assert.That(await World.ConfigMapAsync("c1"), Is.Not.Null);

        await World.SourceAsync(more: "  prune: {maxCount: 2}\n", annotations: $"portcullis.dev/approve: {commit}");
        await World.ReadyAsync(commit);
        await Eventually.HoldsAsync(async () => await World.ConfigMapAsync("c1") is null && await World.ConfigMapAsync("c3") is null);
        Assert.That(await World.ConfigMapAsync("c4"), Is.Not.Null);
    }

    [Test]
    public async Task A_rewritten_history_is_refused_until_approved_by_its_hash()
    {
        await World.SourceAsync();
        var first = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await World.ReadyAsync(first);
        await World.ReadyAsync(World.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit());
        World.Git.Git("reset", "--quiet", "--hard", first);
        var rewritten = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "3")).Commit();

        var refused = await World.StatusAsync(s => s.Status!.LastAttemptedRevision == $"main@sha1:{rewritten}");
        Assert.That(SourceWorld.Ready(refused)!.Reason, Is.EqualTo("HistoryRewritten"));
        Assert.That((await World.ConfigMapAsync("a")).Object("data").String("key"), Is.EqualTo("2"));

        await World.SourceAsync(annotations: $"portcullis.dev/approve: {rewritten}");
        await World.ReadyAsync(rewritten);
        Assert.That((await World.ConfigMapAsync("a")).Object("data").String("key"), Is.EqualTo("3"));
    }

    [Test]
    public async Task A_look_that_is_broken_off_is_made_up_for_at_the_next_visit()
    {
        World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await World.SourceAsync(more: "  suspend: true\n");
        var suspended = await World.GetSourceAsync();
        var source = suspended with { Spec = suspended.Spec with { Interval = "1h" } };
        var look = World.Services.GetRequiredService<SourceFetching>();
        using var state = new SourceState();
        await look.FetchAsync(source, state, asked: false, default);
        var commit = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit();
        state.Fetch.Nudge();

        Assert.That(async () => await look.FetchAsync(source, state, asked: false, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        await look.FetchAsync(source, state, asked: false, default);

        Assert.That(state.InForce!.Target.Commit, Is.EqualTo(commit));
    }

    [Test]
    public async Task A_vanished_repository_leaves_the_last_state_in_force()
    {
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit());
        Directory.Move(World.Git.Folder, World.Git.Folder + ".gone");

        var source = await World.StatusAsync(s => SourceWorld.Ready(s)!.Reason == "FetchFailed");
        Assert.That(SourceWorld.Ready(source)!.Message, Does.Contain("there is no repository"));
        await World.Client.DeleteAsync(SourceWorld.ConfigMaps, new ObjectKey("work", "a"), new DeleteOptions(), default);
        await Eventually.GetsAsync(() => World.ConfigMapAsync("a"));

        await World.StopOperatorAsync();
        await World.StartOperatorAsync();
        await World.Client.DeleteAsync(SourceWorld.ConfigMaps, new ObjectKey("work", "a"), new DeleteOptions(), default);
        await Eventually.GetsAsync(() => World.ConfigMapAsync("a"));
    }

    [Test]
    public async Task What_was_changed_while_the_program_was_away_is_reverted_with_field_manager_and_time()
    {
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit());
        await World.StopOperatorAsync();
        var edited = await World.Client.MergePatchAsync(
            SourceWorld.ConfigMaps, new ObjectKey("work", "a"), JsonNode.Parse("""{"data":{"key":"hand"}}""")!.AsObject(), new WriteOptions("kubectl-edit"), default);
        var time = edited.Object("metadata").Array("managedFields")!.Single(m => m.String("manager") == "kubectl-edit").String("time")!;

        await World.StartOperatorAsync();
        await Eventually.HoldsAsync(async () => (await World.ConfigMapAsync("a")).Object("data").String("key") == "1");
        await World.EventAsync("DriftReverted", "ConfigMap work/a", $"by field manager kubectl-edit at {time}", "a.yaml:1", "data.key");
    }

    [Test]
    public async Task A_restart_writes_nothing()
    {
        await World.SourceAsync();
        var commit = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await World.ReadyAsync(commit);
        await World.StopOperatorAsync();
        World.ForgetWrites();

        await World.StartOperatorAsync();
        await World.Client.DeleteAsync(SourceWorld.ConfigMaps, new ObjectKey("work", "a"), new DeleteOptions(), default);
        await Eventually.GetsAsync(() => World.ConfigMapAsync("a"));

        Assert.That(World.Writes.Where(w => !w.Contains("/configmaps/a", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task A_source_may_only_declare_what_its_scope_names()
    {
        World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await World.SourceAsync("team");

        var refused = await World.StatusAsync(s => s.Status!.ProblemCount == 1, "team");
        Assert.That(refused.Status!.Problems!.Single().Message, Does.Contain("the kind ConfigMap is not in the source's scope.kinds"));
        Assert.That(await World.ConfigMapAsync("a"), Is.Null);

        await World.SourceAsync("team", "  scope: {kinds: [ConfigMap], namespaces: [work]}\n");
        await World.ReadyAsync(World.Git.Head, "team");
    }

    [Test]
    public async Task A_source_may_refer_to_what_another_source_declares()
    {
        const string Grant = "apiVersion: portcullis.dev/v1alpha1\nkind: Grant\nmetadata: {name: g}\nspec:\n  collection: /mobile\n  role: ViewOnly\n  subject: {kind: User, name: ann}\n";
        World.Git.Write("root/c.yaml", "apiVersion: portcullis.dev/v1alpha1\nkind: Collection\nmetadata: {name: mobile}\nspec: {path: /mobile}\n")
            .Write("team/g.yaml", Grant);
        var commit = World.Git.Commit();
        await World.SourceAsync(more: "  path: root\n");
        await World.ReadyAsync(commit);
        await World.StopOperatorAsync(); // so that nothing is known from before
        await World.StartOperatorAsync();

        await World.SourceAsync("team", "  path: team\n  scope: {kinds: [Grant], collections: [/mobile], subjects: [\"User:ann\"], maximumRole: ViewOnly}\n");

        await World.ReadyAsync(commit, "team");
    }

    [Test]
    public async Task A_suspended_source_does_nothing_and_a_deleted_one_takes_its_objects_along()
    {
        await World.SourceAsync();
        await World.ReadyAsync(World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit());
        await World.SourceAsync(more: "  suspend: true\n");
        await World.StatusAsync(s => SourceWorld.Ready(s)!.Reason == "Suspended");
        await World.Client.MergePatchAsync(
            SourceWorld.ConfigMaps, new ObjectKey("work", "a"), new JsonObject { ["data"] = new JsonObject { ["key"] = "hand" } }, new WriteOptions("kubectl-edit"), default);
        await World.SourceAsync("other");
        await World.StatusAsync(_ => true, "other");
        Assert.That((await World.ConfigMapAsync("a")).Object("data").String("key"), Is.EqualTo("hand"));

        await World.Client.DeleteAsync(Core.Sources.GitSource.Definition, ObjectKey.Cluster("root"), new DeleteOptions(), default);
        await Eventually.HoldsAsync(async () => await World.ConfigMapAsync("a") is null);
        await Eventually.HoldsAsync(async () => await World.Client.GetAsync(Core.Sources.GitSource.Definition, ObjectKey.Cluster("root"), default) is null);
    }

    private async Task GiveAsync(string name) => await World.Client.MergePatchAsync(
        SourceWorld.ConfigMaps,
        new ObjectKey("work", name),
        new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["portcullis.dev/source"] = "nobody" } } },
        new WriteOptions("kubectl-label"),
        default);
}
