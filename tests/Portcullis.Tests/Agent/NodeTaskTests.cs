using Microsoft.Extensions.Logging.Abstractions;
using Portcullis.Agent;
using Portcullis.Core.Hardening;
using Portcullis.Testing;

namespace Portcullis.Tests.Agent;

/// <summary>A task of the agent is one class: what it says is in the report, and its failure is its own.</summary>
internal sealed class NodeTaskTests
{
    [Test]
    public async Task Each_task_writes_its_own_fields_of_the_report()
    {
        var cluster = new StandInCluster();
        await RunAsync(
            cluster,
            [new Toy(HardeningState.InForce, s => s with { LastAction = "one" }), new Toy(HardeningState.Refused, s => s with { File = new FileReport { Path = "/etc/two" } })],
            () => cluster.Report is not null);
        Assert.That(cluster.Report, Has.Property("LastAction").EqualTo("one"));
        Assert.That(cluster.Report!.File!.Path, Is.EqualTo("/etc/two"));
        Assert.That(cluster.Report.Hardenings!.Single().State, Is.EqualTo(HardeningState.Refused), "the worse of both");
    }

    [Test]
    public async Task A_task_that_throws_does_not_keep_another_from_its_rounds()
    {
        var (broken, good) = (new Toy(HardeningState.InForce, s => s) { IsBroken = true }, new Toy(HardeningState.InForce, s => s));
        var cluster = new StandInCluster();
        await RunAsync(cluster, [broken, good], () => good.Rounds > 2 && broken.Rounds > 2);
        Assert.That(cluster.Report, Is.Null, "not before every task has said something");
    }

    [Test]
    public async Task A_change_in_the_cluster_makes_every_task_read_again()
    {
        var task = new Toy(HardeningState.InForce, s => s);
        var cluster = new StandInCluster();
        await RunAsync(
            cluster,
            [task],
            () => task.Rounds > 0,
            () =>
            {
                var before = task.Invalidations;
                cluster.Ask("baseline", []);
                Assert.That(task.Invalidations, Is.GreaterThan(before));
            });
    }

    private static async Task RunAsync(StandInCluster cluster, INodeTask[] tasks, Func<bool> until, Action? then = null)
    {
        var options = new AgentOptions { NodeName = "node-1", Resync = TimeSpan.FromMilliseconds(5) };
        using var agent = new NodeAgent(options, tasks, cluster, TimeProvider.System, NullLogger<NodeAgent>.Instance);
        await agent.StartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(until);
        then?.Invoke();
        await agent.StopAsync(CancellationToken.None);
    }

    private sealed class Toy(HardeningState state, Func<NodeReportStatus, NodeReportStatus> write) : INodeTask
    {
        public bool IsBroken { get; init; }

        public int Rounds { get; private set; }

        public int Invalidations { get; private set; }

        public Task WatchAsync(Action wake, CancellationToken cancellationToken) => Task.CompletedTask;

        public void Invalidate() => Invalidations++;

        public Task<TaskResult> RunAsync(CancellationToken cancellationToken)
        {
            Rounds++;
            return IsBroken
                ? throw new InvalidOperationException("broken")
                : Task.FromResult(new TaskResult(new TaskReport([new HardeningReport { Name = "baseline", Generation = 1, State = state, Message = "because" }], write), null));
        }

        public void Dispose()
        {
        }
    }
}
