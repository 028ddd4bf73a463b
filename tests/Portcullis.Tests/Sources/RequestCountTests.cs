using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Connection;
using Portcullis.Objects;
using Portcullis.Testing;
using Portcullis.Testing.Faults;

namespace Portcullis.Tests.Sources;

/// <summary>How many requests a question takes, seen by a proxy before the API server.</summary>
internal sealed class RequestCountTests
{
    [Test]
    public async Task Whether_a_kind_may_be_listed_is_asked_once_and_for_one_object()
    {
        await using var world = await SourceWorld.StartAsync(running: false);
        for (var i = 0; i < 5; i++)
        {
            await world.Cluster.ApplyAsync($"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: other{i}, namespace: work, labels: {{portcullis.dev/source: other}}}}}}");
        }

        await using var proxy = await FaultProxy.StartAsync(world.Cluster.Connection);
        await world.StartOperatorAsync(connection: Through(proxy, world));
        await world.SourceAsync();
        await world.ReadyAsync(world.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit());
        await world.ReadyAsync(world.Git.Write("b.yaml", SourceWorld.ConfigMap("b")).Commit());
        await world.StopOperatorAsync();

        var lists = proxy.Faults.Seen.Where(r => r.IsList && r.Path == "/api/v1/configmaps").Select(r => r.Query).ToList();
        Assert.That(lists.Where(q => q.Contains("limit=1&", StringComparison.Ordinal) || q.EndsWith("limit=1", StringComparison.Ordinal)).ToList(), Has.Count.EqualTo(1), string.Join('\n', lists));
        Assert.That(lists, Has.Count.EqualTo(2), "the question, and the list that the watch goes on from");
    }

    [Test]
    public async Task What_the_watch_is_late_to_show_is_written_once_and_counted_once()
    {
        await using var world = await SourceWorld.StartAsync(running: false);
        await using var proxy = await FaultProxy.StartAsync(world.Cluster.Connection);
        var shown = HoldTheWatchBack(proxy);
        proxy.Faults.Inject(r => IsWriteOf(r, "b"), new Fault.Answer(System.Net.HttpStatusCode.Forbidden, "Forbidden"), times: 2);
        await world.StartOperatorAsync(connection: Through(proxy, world));
        await world.SourceAsync();
        var commit = world.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Write("b.yaml", SourceWorld.ConfigMap("b")).Commit();

        var source = await world.ReadyAsync(commit);
        shown.SetResult();
        await Eventually.HoldsAsync(async () => await world.ConfigMapAsync("b") is not null);
        await world.StopOperatorAsync();

        Assert.Multiple(() =>
        {
            Assert.That(proxy.Faults.Count(r => IsWriteOf(r, "a")), Is.EqualTo(1), "visits for b do not write a again");
            Assert.That(source.Status!.History!.Single().Created, Is.EqualTo(2));
        });
    }

    [Test]
    public async Task What_was_written_and_deleted_before_the_watch_showed_either_comes_back()
    {
        await using var world = await SourceWorld.StartAsync(running: false);
        await using var proxy = await FaultProxy.StartAsync(world.Cluster.Connection);
        var shown = HoldTheWatchBack(proxy);
        await world.StartOperatorAsync(connection: Through(proxy, world));
        await world.SourceAsync();
        await world.ReadyAsync(world.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit());

        await world.Client.DeleteAsync(SourceWorld.ConfigMaps, new ObjectKey("work", "a"), new DeleteOptions(), default);
        shown.SetResult();

        await Eventually.HoldsAsync(async () => await world.ConfigMapAsync("a") is not null);
        await world.StopOperatorAsync();
    }

    [Test]
    public async Task A_refusal_that_is_late_keeps_no_other_source_from_writing()
    {
        await using var world = await SourceWorld.StartAsync(running: false);
        using var late = new ManualResetEventSlim();
        var asked = 0;
        world.Refuse = r =>
        {
            var isQuestion = r.Path == "/api/v1/configmaps" && r.Query["limit"] == "1";
            if (!isQuestion || Interlocked.Increment(ref asked) > 1)
            {
                return null;
            }

            late.Wait();
            return (403, "not yet");
        };
        await world.StartOperatorAsync();
        world.Git.Write("team/t.yaml", SourceWorld.ConfigMap("t")).Write("root/a.yaml", SourceWorld.ConfigMap("a"));
        var first = world.Git.Commit();
        await world.SourceAsync("team", "  path: team\n  scope: {kinds: [ConfigMap], namespaces: [work]}\n");
        await Eventually.HoldsAsync(() => Volatile.Read(ref asked) == 1);
        await world.SourceAsync(more: "  path: root\n");
        await world.ReadyAsync(first);

        late.Set();
        await world.ReadyAsync(first, "team");
        await world.ReadyAsync(world.Git.Write("root/b.yaml", SourceWorld.ConfigMap("b")).Commit());
        await world.StopOperatorAsync();
    }

    private static KubernetesConnection Through(FaultProxy proxy, SourceWorld world) =>
        KubeConfig.Load([proxy.WriteKubeconfig(world.Cluster.KubeconfigPath, Path.Combine(world.Git.Root, "proxied.kubeconfig"))]);

    /// <summary>What the watch tells comes seconds late until the result is set.</summary>
    private static TaskCompletionSource HoldTheWatchBack(FaultProxy proxy)
    {
        var shown = new TaskCompletionSource();
        proxy.Faults.Inject(r => r.IsWatch && r.Path == "/api/v1/configmaps", new Fault.SlowBody(() => TimeSpan.FromSeconds(shown.Task.IsCompleted ? 0 : 4)));
        return shown;
    }

    private static bool IsWriteOf(SeenRequest request, string name) => request.IsWrite && request.Path.EndsWith($"/configmaps/{name}", StringComparison.Ordinal);
}
