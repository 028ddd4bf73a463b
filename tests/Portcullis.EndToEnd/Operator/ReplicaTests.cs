using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Portcullis.ApiServer;
using Portcullis.EndToEnd.Clusters;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;

namespace Portcullis.EndToEnd.Operator;

/// <summary>Two copies of the operator on one cluster, as config/operator runs them: one acts, the other is warm.</summary>
[TestFixture]
internal sealed class ReplicaTests
{
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

        await first.KillAsync();
        world.Git.Write("org.yaml", Manifests.Organization($"acme-{world.Mark}", "web", "ann", "carl"));
        world.Commit("Carl joins");
        Assert.That(await forge.NotifyAsync(receiver), Is.EqualTo(HttpStatusCode.Accepted));

        // The lease lasts 35 seconds and is looked at every five.
        await forge.AppliedAsync(world.Commits[2], TimeSpan.FromSeconds(90));
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

    private static async Task<string?> HolderAsync(OperatorWorld world)
    {
        var lease = await world.Cluster.Client.GetAsync(Leases, new ObjectKey(Installation.Namespace, "portcullis-operator"), CancellationToken.None);
        return (lease?["spec"] as JsonObject)?["holderIdentity"]?.GetValue<string>();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
