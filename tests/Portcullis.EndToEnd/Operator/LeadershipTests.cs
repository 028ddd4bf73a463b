using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Portcullis.EndToEnd.Clusters;
using Portcullis.Testing;
using Portcullis.Testing.Faults;

namespace Portcullis.EndToEnd.Operator;

/// <summary>What the operator does when it cannot keep its lease, or cannot start.</summary>
[TestFixture]
internal sealed class LeadershipTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(60);
    private static readonly ApiResource Leases = new("coordination.k8s.io", "v1", "Lease", "leases", Namespaced: true);
    private static readonly ObjectKey Lease = new(Installation.Namespace, "portcullis-operator");

    [Test]
    [Category("Faults")]
    public async Task An_API_server_that_is_away_for_a_minute_ends_no_operator()
    {
        await using var world = await OperatorWorld.StartAsync();
        world.Git.Write("org.yaml", Manifests.Organization($"acme-{world.Mark}", "web", "ann"));
        world.Commit("Declare");
        await using var program = world.StartOperator();
        await world.AppliedAsync(world.Commits[0]);

        world.Proxy.Faults.Inject(_ => true, new Fault.Cut());
        world.Proxy.Faults.CutOpen(_ => true);
        var began = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync(() => program.HasExited || TimeProvider.System.GetElapsedTime(began) > Outage, Outage * 2, "the outage to end");
        Assert.That(program.HasExited, Is.False, program.Output + program.Error);
        world.Git.Write("org.yaml", Manifests.Organization($"acme-{world.Mark}", "web", "ann", "bert"));
        world.Commit("Bert joins");
        world.Proxy.Faults.Clear();

        await world.AppliedAsync(world.Commits[1]);
        program.Signal("TERM");
        Assert.That(await program.EndAsync(), Is.Zero);
        Assert.That(program.Error, Is.Empty);
    }

    [Test]
    public async Task Without_its_lease_it_writes_nothing_and_with_it_again_it_catches_up()
    {
        await using var world = await OperatorWorld.StartAsync();
        var name = $"acme-{world.Mark}";
        world.Git.Write("org.yaml", Manifests.Organization(name, "web", "ann"));
        world.Commit("Declare");
        await using var program = world.StartOperator();
        await world.AppliedAsync(world.Commits[0]);

        var tries = (SeenRequest r) => r.Path.Contains("/leases/", StringComparison.Ordinal);
        world.Proxy.Faults.Inject(tries, new Fault.Cut());
        await Eventually.HoldsAsync(() => program.Output.Contains("the controllers have stopped", StringComparison.Ordinal), Patience, "it to step down");
        var before = world.Proxy.Faults.Seen.Count;
        Assert.That((await world.Kubectl.RunAsync("delete", "organization", name)).Code, Is.Zero);
        await Eventually.HoldsAsync(() => world.Proxy.Faults.Seen.Skip(before).Count(tries) >= 3, Patience, "it to stand for election");
        Assert.That(world.Proxy.Faults.Seen.Skip(before).Where(r => r.IsWrite && !tries(r) && !r.Path.Contains("review", StringComparison.Ordinal)), Is.Empty);
        Assert.That((await world.Kubectl.RunAsync("get", "organization", name)).Code, Is.Not.Zero, "nobody who may act has made it again");

        world.Proxy.Faults.Clear();
        await Eventually.HoldsAsync(async () => (await world.Kubectl.RunAsync("get", "organization", name)).Code == 0, Patience, "what is declared to be back");
    }

    [TestCase("--health-port")]
    [TestCase("--metrics-port")]
    [TestCase("--receiver-port")]
    [TestCase("--admission-port", "--admission", "local")]
    public async Task A_port_that_is_taken_is_one_line_and_the_lease_is_free_at_once(string option, params string[] more)
    {
        await using var world = await OperatorWorld.StartAsync();
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);

        await using var program = world.StartOperator([option, port, .. more]);
        Assert.That(await program.EndAsync(), Is.EqualTo(2), program.Output);
        Assert.That(program.Error, Does.Match($"^portcullis: cannot listen on port {port}( of 127.0.0.1)?: it is in use by another process. Stop that process, or choose another port$"));
        var lease = await world.Cluster.Client.GetAsync(Leases, Lease, CancellationToken.None);
        Assert.That((lease?["spec"] as JsonObject)?["holderIdentity"]?.GetValue<string>() ?? "", Is.Empty);
    }
}
