using System.Text.Json.Nodes;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;

namespace Portcullis.Tests.Sources;

/// <summary>While the prune of a new revision awaits approval, the revision before is in force as a whole and kept so.</summary>
internal sealed class PruneGateTests
{
    private SourceWorld _world = null!;

    [SetUp]
    public async Task StartAsync() => _world = await SourceWorld.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _world.DisposeAsync();

    [Test]
    public async Task The_revision_before_stays_in_force_as_a_whole()
    {
        var good = await ThreeAsync();
        var next = _world.Git.Remove("c1.yaml").Remove("c2.yaml").Write("c0.yaml", SourceWorld.ConfigMap("c0", "new")).Write("c9.yaml", SourceWorld.ConfigMap("c9")).Commit();

        var blocked = await BlockedAsync();

        Assert.Multiple(() =>
        {
            Assert.That(blocked.Status!.InForceRevision, Is.EqualTo($"main@sha1:{good}"));
            Assert.That(blocked.Status.LastAttemptedRevision, Is.EqualTo($"main@sha1:{next}"));
            Assert.That(blocked.Status.LastAppliedCommit, Is.EqualTo(good));
            Assert.That(blocked.Status.PruneBlocked!.Select(b => b.Object), Is.EquivalentTo(new[] { "ConfigMap work/c1", "ConfigMap work/c2" }));
            Assert.That(SourceWorld.Ready(blocked)!.Message, Does.Contain($"portcullis.dev/approve={next}").And.EndsWith($"{good[..8]} stays in force"));
        });
        Assert.That(await ValueAsync("c0"), Is.EqualTo("1"));
        Assert.That(await _world.ConfigMapAsync("c9"), Is.Null);

        await SourceAsync($"portcullis.dev/approve: {next}");
        await _world.ReadyAsync(next);
        Assert.That(await ValueAsync("c0"), Is.EqualTo("new"));
        await Eventually.HoldsAsync(async () => await _world.ConfigMapAsync("c1") is null && await _world.ConfigMapAsync("c2") is null);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task What_the_revision_before_declares_is_guarded_also_after_a_restart(bool restart)
    {
        await ThreeAsync();
        _world.Git.Remove("c1.yaml").Remove("c2.yaml").Commit();
        await BlockedAsync();
        if (restart)
        {
            await _world.StopOperatorAsync();
            await EditAsync("c1");
            await _world.Client.DeleteAsync(SourceWorld.ConfigMaps, new ObjectKey("work", "c2"), new DeleteOptions(), default);
            await _world.StartOperatorAsync();
        }
        else
        {
            await EditAsync("c1");
            await _world.Client.DeleteAsync(SourceWorld.ConfigMaps, new ObjectKey("work", "c2"), new DeleteOptions(), default);
        }

        await Eventually.HoldsAsync(async () => await ValueAsync("c1") == "1" && await ValueAsync("c2") == "1");
        await BlockedAsync();
    }

    [Test]
    public async Task A_revision_takes_effect_when_its_prune_fits_the_budget()
    {
        await ThreeAsync();
        var next = _world.Git.Remove("c1.yaml").Remove("c2.yaml").Commit();
        await BlockedAsync();

        await SourceAsync(maxCount: 2);

        await _world.ReadyAsync(next);
        await Eventually.HoldsAsync(async () => await _world.ConfigMapAsync("c1") is null && await _world.ConfigMapAsync("c2") is null);
    }

    [Test]
    public async Task A_revision_that_deletes_less_is_not_held_up_by_one_that_was_blocked()
    {
        await ThreeAsync();
        _world.Git.Remove("c1.yaml").Remove("c2.yaml").Commit();
        await BlockedAsync();

        var back = _world.Git.Write("c1.yaml", SourceWorld.ConfigMap("c1", "2")).Commit();

        await _world.ReadyAsync(back);
        await Eventually.HoldsAsync(async () => await _world.ConfigMapAsync("c2") is null);
        Assert.That(await ValueAsync("c1"), Is.EqualTo("2"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Another_folder_of_the_repository_is_judged_like_another_commit(bool restart)
    {
        _world.Git.Write("other/c0.yaml", SourceWorld.ConfigMap("c0", "other"));
        var good = await ThreeAsync(path: "team");
        await SourceAsync(path: "other");
        await BlockedAsync();
        if (restart)
        {
            await _world.StopOperatorAsync();
            await _world.StartOperatorAsync();
        }

        await EditAsync("c1");

        await Eventually.HoldsAsync(async () => await ValueAsync("c1") == "1");
        Assert.That(await ValueAsync("c0"), Is.EqualTo("1"));
        await SourceAsync($"portcullis.dev/approve: {good}", path: "other");
        await Eventually.HoldsAsync(async () => await _world.ConfigMapAsync("c1") is null && await ValueAsync("c0") == "other");
    }

    [Test]
    public async Task Another_repository_is_judged_like_another_commit_and_what_is_in_force_is_still_put_back()
    {
        await ThreeAsync();
        await _world.StopOperatorAsync();
        await _world.StartOperatorAsync();
        await _world.StatusAsync(s => SourceWorld.Ready(s)?.Status == "True");
        using var other = new Testing.Git.GitWorkspace();
        other.Write("c0.yaml", SourceWorld.ConfigMap("c0", "other")).Commit();

        await _world.SourceAsync(more: "  prune: {maxCount: 1}\n", url: other.Folder);
        await BlockedAsync();
        await _world.Client.DeleteAsync(SourceWorld.ConfigMaps, new ObjectKey("work", "c1"), new DeleteOptions(), default);

        await Eventually.HoldsAsync(async () => await ValueAsync("c1") == "1");
        Assert.That(await ValueAsync("c0"), Is.EqualTo("1"));
    }

    private async Task<string> ThreeAsync(string path = "")
    {
        for (var i = 0; i < 3; i++)
        {
            _world.Git.Write($"{(path.Length > 0 ? path + "/" : "")}c{i}.yaml", SourceWorld.ConfigMap($"c{i}"));
        }

        await SourceAsync(path: path);
        var commit = _world.Git.Commit();
        await _world.ReadyAsync(commit);
        return commit;
    }

    private Task SourceAsync(string annotations = "", int maxCount = 1, string path = "") =>
        _world.SourceAsync(more: $"  path: \"{path}\"\n  prune: {{maxCount: {maxCount}}}\n", annotations: annotations);

    private Task<GitSource> BlockedAsync() =>
        _world.StatusAsync(s => SourceWorld.Ready(s) is { Reason: "PruneBlocked" } && s.Status!.PruneBlockedCount == 2);

    private async Task EditAsync(string name) => await _world.Client.MergePatchAsync(
        SourceWorld.ConfigMaps, new ObjectKey("work", name), new JsonObject { ["data"] = new JsonObject { ["key"] = "edited" } }, new WriteOptions("hand"), default);

    private async Task<string?> ValueAsync(string name) => (await _world.ConfigMapAsync(name)).Object("data").String("key");
}
