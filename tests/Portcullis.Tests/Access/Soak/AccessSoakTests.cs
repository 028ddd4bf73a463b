using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Faults;

namespace Portcullis.Tests.Access.Soak;

/// <summary>
/// Whatever happened, in whatever order, with whatever faults between: once the faults are over, access is what the declarations say, to the
/// last binding and status, and then nothing more is written.
/// </summary>
internal sealed class AccessSoakTests
{
    private const int Deeds = 250;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private static IEnumerable<int> FewSeeds => [1, 2];

    private static IEnumerable<int> ManySeeds => Seeds.OrAsked(3, 12);

    [TestCaseSource(nameof(FewSeeds))]
    public Task Access_is_as_declared_after_any_disorder(int seed) => SoakAsync(seed);

    [TestCaseSource(nameof(ManySeeds))]
    [Category("Faults")]
    public Task Access_is_as_declared_after_any_disorder_of_many(int seed) => SoakAsync(seed);

    private static async Task SoakAsync(int seed)
    {
        if (TestCluster.IsNamed)
        {
            Assert.Ignore("not run: the soak counts every binding of the cluster, and needs one of its own");
        }

        var faults = new SoakFaults(seed);
        faults.End();
        await using var running = await RunningOperator.StartAsync(faults.Injector);
        var driver = new SoakDriver(running.Cluster, faults.Injector, seed);
        await driver.PrepareAsync();
        faults.Begin();
        await driver.RunAsync(Deeds);
        faults.End();
        await ConvergesAsync(running, driver, seed, "after the faults ended");
        await IsQuietAsync(running, faults.Injector);
        await ConvergesAsync(running, driver, seed, "after another visit to everything");
    }

    private static async Task ConvergesAsync(RunningOperator running, SoakDriver driver, int seed, string when)
    {
        IReadOnlyList<string> differences = [];
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            await Eventually.HoldsAsync(
                async () => (differences = SoakExpectation.Differences(await SoakSnapshot.TakeAsync(running.Client), TimeProvider.System.GetUtcNow())).Count == 0,
                Patience,
                "the world is as declared");
            await TestContext.Progress.WriteLineAsync($"seed {seed}: as declared {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s {when}");
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Seed {seed}: not as declared within {Patience.TotalSeconds:0} s {when}:\n  {string.Join("\n  ", differences)}\nDone last:\n  {string.Join("\n  ", driver.LastDone)}");
        }
    }

    /// <summary>
    /// Every collection and grant is visited once more, which writes that it was and nothing else. A watch that the faults had broken may still
    /// pause before it comes back (20 s at the longest), and what it does not show is written again until then; who never comes to rest fails.
    /// </summary>
    private static async Task IsQuietAsync(RunningOperator running, FaultInjector faults)
    {
        IReadOnlyList<string> written = [];
        var round = 0;
        try
        {
            await Eventually.HoldsAsync(async () => (written = await WrittenDuringVisitsAsync(running, faults, $"soak-{++round}")).Count == 0, Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Written although everything was as declared, in each of {round} rounds:\n  {string.Join("\n  ", written)}");
        }
    }

    private static async Task<IReadOnlyList<string>> WrittenDuringVisitsAsync(RunningOperator running, FaultInjector faults, string asked)
    {
        var world = await SoakSnapshot.TakeAsync(running.Client);
        var visited = world.Collections.Select(c => (Collection.Definition, Value: c))
            .Concat(world.Grants.Where(g => SoakSnapshot.Spec(g)["suspend"]?.GetValue<bool>() != true).Select(g => (Grant.Definition, Value: g))).ToList();
        var before = faults.Seen.Count;
        var ask = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [WellKnown.Annotations.RequestedAt] = asked } } };
        foreach (var (resource, value) in visited)
        {
            var key = ObjectKey.Cluster(SoakSnapshot.Name(value));
            await running.Client.MergePatchAsync(resource, key, ask, new WriteOptions("kubectl-annotate"), default);
        }

        foreach (var (resource, value) in visited)
        {
            await running.UntilAsync(resource, SoakSnapshot.Name(value), v => v.Object("status").String("lastHandledReconcileAt") == asked, "visited");
        }

        var writes = faults.Seen.Skip(before)
            .Where(r => r.IsWrite && !r.Path.Contains("/events", StringComparison.Ordinal) && !r.Path.Contains("/leases", StringComparison.Ordinal)).ToList();
        return
        [
            .. writes.Where(w => !w.Path.EndsWith("/status", StringComparison.Ordinal)).Select(w => w.ToString()),
            .. writes.Where(w => w.Path.EndsWith("/status", StringComparison.Ordinal)).GroupBy(w => w.Path).Where(g => g.Count() > 1).Select(g => $"{g.Count()} times {g.Key}"),
        ];
    }
}
