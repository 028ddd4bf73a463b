using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;

namespace Portcullis.Tests.Sources;

/// <summary>A kind whose definition comes to serve another version, and no longer the one that its objects were applied with.</summary>
internal sealed class ServedVersionTests : SourceWorldFixture
{
    private static readonly ApiResource Later = SoakObject.Widgets with { Version = "v2" };

    private static readonly ObjectKey Key = new("work", "w");

    [Test]
    public async Task An_object_that_leaves_git_together_with_its_version_is_pruned()
    {
        await DeclareAsync("v1", SoakObject.Widget("w", 1));

        await DeclareAsync("v2");

        await Eventually.HoldsAsync(async () => await World.Client.GetAsync(Later, Key, default) is null);
    }

    [Test]
    public async Task An_object_that_leaves_git_while_the_program_is_away_is_pruned_though_its_version_went_before()
    {
        await DeclareAsync("v1", SoakObject.Widget("w", 1));
        await World.StopOperatorAsync();
        World.Git.Write("d.yaml", SoakObject.Definition("v2").Manifest().ToJsonString()).Remove("w.yaml");
        var commit = World.Git.Commit();
        await World.Cluster.ApplyAsync(SoakObject.Definition("v2").Manifest());

        await World.StartOperatorAsync();
        await World.ReadyAsync(commit);

        await Eventually.HoldsAsync(async () => await World.Client.GetAsync(Later, Key, default) is null);
    }

    [Test]
    public async Task An_object_declared_by_the_new_version_is_kept_and_then_nothing_is_written()
    {
        await DeclareAsync("v1", SoakObject.Widget("w", 1));
        await DeclareAsync("v2", SoakObject.Widget("w", 2) with { Resource = Later });

        await World.Client.MergePatchAsync(Later, Key, JsonNode.Parse("""{"spec":{"size":7}}""")!.AsObject(), new WriteOptions("kubectl-edit"), default);
        await Eventually.HoldsAsync(async () => (await World.Client.GetAsync(Later, Key, default)).Object("spec")!["size"]!.GetValue<int>() == 2);
        await World.Client.DeleteAsync(Later, Key, new DeleteOptions(), default);
        await Eventually.HoldsAsync(async () => await World.Client.GetAsync(Later, Key, default) is not null);

        await VisitAsync("1");
        World.ForgetWrites();
        await VisitAsync("2");
        Assert.That(World.Writes.Where(w => w.Contains("/widgets/", StringComparison.Ordinal)), Is.Empty, string.Join("\n", World.Writes));
    }

    [Test]
    public async Task A_kind_that_goes_between_being_asked_for_and_being_listed_holds_up_nothing_else()
    {
        await World.Cluster.ApplyAsync(SoakObject.Definition("v1").Manifest());
        var asked = 0;
        World.Refuse = r => r.Method == "GET" && r.Path.Value!.EndsWith("/widgets", StringComparison.Ordinal) && Interlocked.Increment(ref asked) > 1
            ? (404, "the server could not find the requested resource")
            : null;
        World.Git.Write("d.yaml", SoakObject.Definition("v1").Manifest().ToJsonString()).Write("w.yaml", SoakObject.Widget("w", 1).Manifest().ToJsonString());
        var commit = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await World.SourceAsync();

        await Eventually.HoldsAsync(async () => await World.ConfigMapAsync("a") is not null);
        await World.StatusAsync(s => s.Status!.PendingCount == 1);

        World.Refuse = _ => null;
        await World.ReadyAsync(commit);
        Assert.That(await World.Client.GetAsync(SoakObject.Widgets, Key, default), Is.Not.Null);
    }

    private async Task VisitAsync(string request)
    {
        await World.SourceAsync(annotations: $"{WellKnown.Annotations.RequestedAt}: \"{request}\"");
        await World.StatusAsync(s => s.Status!.LastHandledReconcileAt == request);
    }

    private async Task DeclareAsync(string version, SoakObject? widget = null)
    {
        World.Git.Write("d.yaml", SoakObject.Definition(version).Manifest().ToJsonString());
        if (widget is null)
        {
            World.Git.Remove("w.yaml");
        }
        else
        {
            World.Git.Write("w.yaml", widget.Manifest().ToJsonString());
        }

        var commit = World.Git.Commit();
        await World.SourceAsync();
        await World.ReadyAsync(commit);
    }
}
