using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Portcullis.ApiServer;
using Portcullis.Core;
using Portcullis.EndToEnd.Clusters;
using Portcullis.EndToEnd.Programs;
using Portcullis.Kubernetes.Client;
using Portcullis.Testing;

namespace Portcullis.EndToEnd.Operator;

/// <summary>Two copies of the operator on one cluster, as config/operator runs them: one acts, the other is warm.</summary>
[TestFixture]
internal sealed class ReplicaTests
{
    /// <summary>From the leader's end by SIGKILL to what the next leader has done.</summary>
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(15);

    private static readonly ApiResource Leases = new("coordination.k8s.io", "v1", "Lease", "leases", Namespaced: true);

    [Test]
    public async Task The_second_hands_notices_on_and_takes_over_when_the_first_is_killed()
    {
        Forge.SkipWhenMissing();
        await using var world = await OperatorWorld.StartAsync();
        world.Git.Write("org.yaml", Manifests.Organization($"acme-{world.Mark}", "web", "ann"));
        world.Commit("Declare");
        using var forge = await Forge.StartAsync(world.Cluster, world.Git, world.Root, world.RootFile);
        await using var first = world.StartReplica("first");
        await forge.AppliedAsync(world.Commits[0]);
        var (receiver, health) = (LoopbackPort.Free(), LoopbackPort.Free());
        await using var second = world.StartReplica("second", "--receiver-port", Text(receiver), "--health-port", Text(health));
        using var probes = new Probes(health);
        await probes.UntilAsync("/readyz", HttpStatusCode.OK);

        world.Git.Write("org.yaml", Manifests.Organization($"acme-{world.Mark}", "web", "ann", "bert"));
        world.Commit("Bert joins");
        Assert.That(await forge.NotifyAsync(receiver), Is.EqualTo(HttpStatusCode.Accepted));
        await forge.AppliedAsync(world.Commits[1]);
        Assert.That(await HolderAsync(world), Is.EqualTo("first"), "the copy that was told of the push does not lead");
        Assert.That(second.Output, Does.Not.Contain("leads"));

        world.Git.Write("org.yaml", Manifests.Organization($"acme-{world.Mark}", "web", "ann", "carl"));
        world.Commit("Carl joins");
        await first.KillAsync();
        var killed = Stopwatch.StartNew();
        Assert.That(await forge.NotifyAsync(receiver), Is.EqualTo(HttpStatusCode.Accepted));
        await forge.AppliedAsync(world.Commits[2], Takeover);
        await TestContext.Out.WriteLineAsync($"from kill -9 to the next commit applied: {killed.Elapsed.TotalSeconds:0.0} s");
        Assert.That(await HolderAsync(world), Is.EqualTo("second"));
    }

    [Test]
    public async Task One_that_ends_in_order_hands_the_lease_over_at_once()
    {
        await using var world = await OperatorWorld.StartAsync();
        await using var first = world.StartReplica("first");
        await Eventually.HoldsAsync(async () => await HolderAsync(world) == "first", TimeSpan.FromSeconds(60));
        await using var second = world.StartReplica("second");
        first.Signal("TERM");
        Assert.That(await first.EndAsync(), Is.Zero);
        await Eventually.HoldsAsync(async () => await HolderAsync(world) == "second", TimeSpan.FromSeconds(30), "the second to lead well before the lease runs out");
    }

    [Test]
    public async Task Webhooks_of_this_machine_are_those_of_the_copy_that_leads()
    {
        await using var world = await OperatorWorld.StartAsync();
        var (one, two, health) = (LoopbackPort.Free(), LoopbackPort.Free(), LoopbackPort.Free());
        await using var first = world.StartReplica("first", "--admission", "local", "--admission-port", Text(one));
        await Eventually.HoldsAsync(async () => (await WebhookUrlsAsync(world)).All(url => url.Port == one), TimeSpan.FromSeconds(60), "the first to register its webhooks");
        await using var second = world.StartReplica("second", "--admission", "local", "--admission-port", Text(two), "--health-port", Text(health));
        using var probes = new Probes(health);
        await probes.UntilAsync("/readyz", HttpStatusCode.OK);
        Assert.That((await WebhookUrlsAsync(world)).Select(url => url.Port), Is.All.EqualTo(one), "the second does not lead");

        await first.KillAsync();
        await Eventually.HoldsAsync(async () => (await WebhookUrlsAsync(world)).All(url => url.Port == two), Takeover, "the second to register its own");
        Assert.That((await world.Kubectl.RunAsync("create", "namespace", $"n-{world.Mark}")).Code, Is.Zero, "fail-closed webhooks answer");
    }

    private static async Task<IReadOnlyList<Uri>> WebhookUrlsAsync(OperatorWorld world)
    {
        var all = new List<Uri>();
        foreach (var kind in (ApiResource[])[ClusterKinds.MutatingWebhook, ClusterKinds.ValidatingWebhook])
        {
            await foreach (var configuration in world.Cluster.Client.ListAsync(kind, new ListOptions(), CancellationToken.None))
            {
                all.AddRange(configuration["webhooks"]!.AsArray().Select(w => new Uri(w!["clientConfig"]!["url"]!.GetValue<string>())));
            }
        }

        return all.Count > 0 ? all : [new Uri("https://none:1")];
    }

    private static async Task<string?> HolderAsync(OperatorWorld world)
    {
        var lease = await world.Cluster.Client.GetAsync(Leases, new ObjectKey(Installation.Namespace, "portcullis-operator"), CancellationToken.None);
        return (lease?["spec"] as JsonObject)?["holderIdentity"]?.GetValue<string>();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
