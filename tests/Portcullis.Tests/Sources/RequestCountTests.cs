using Portcullis.Kubernetes.Connection;
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
        var kubeconfig = proxy.WriteKubeconfig(world.Cluster.KubeconfigPath, Path.Combine(world.Git.Root, "proxied.kubeconfig"));
        await world.StartOperatorAsync(connection: KubeConfig.Load([kubeconfig]));
        await world.SourceAsync();
        await world.ReadyAsync(world.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit());
        await world.ReadyAsync(world.Git.Write("b.yaml", SourceWorld.ConfigMap("b")).Commit());
        await world.StopOperatorAsync();

        var lists = proxy.Faults.Seen.Where(r => r.IsList && r.Path == "/api/v1/configmaps").Select(r => r.Query).ToList();
        Assert.That(lists.Where(q => q.Contains("limit=1&", StringComparison.Ordinal) || q.EndsWith("limit=1", StringComparison.Ordinal)).ToList(), Has.Count.EqualTo(1), string.Join('\n', lists));
        Assert.That(lists, Has.Count.EqualTo(2), "the question, and the list that the watch goes on from");
    }
}
