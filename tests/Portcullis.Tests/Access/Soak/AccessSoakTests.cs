using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Faults;
using Portcullis.Tests.Soaks;

namespace Portcullis.Tests.Access.Soak;

/// <summary>
/// Whatever happened, in whatever order, with whatever faults between: once the faults are over, access is what the declarations say, to the
/// last binding and status, and then nothing more is written.
/// </summary>
internal sealed class AccessSoakTests
{
    private const int Deeds = 250;
    private const int Hands = 6;
    private const int LongestPause = 40;

    [TestCaseSource(typeof(SoakSeeds), nameof(SoakSeeds.Few))]
    public Task Access_is_as_declared_after_any_disorder(int seed) => SoakAsync(seed);

    [TestCaseSource(typeof(SoakSeeds), nameof(SoakSeeds.Many))]
    [Category("Faults")]
    public Task Access_is_as_declared_after_any_disorder_of_many(int seed) => SoakAsync(seed);

    private static async Task SoakAsync(int seed)
    {
        if (TestCluster.IsNamed)
        {
            Assert.Ignore("not run: the soak counts every binding of the cluster, and needs one of its own");
        }

        var faults = new SoakFaults(new FaultInjector(), seed, AccessFaults.Choose);
        await using var running = await RunningOperator.StartAsync(faults.Injector);
        var soak = new SoakDriver(seed);
        var deeds = new AccessDeeds(running.Cluster, faults.Injector, soak.Random);
        await deeds.PrepareAsync();
        faults.Begin();
        await soak.RunAsync(Deeds, Hands, LongestPause, deeds.Choose);
        faults.End();
        await soak.ConvergesAsync("after the faults ended", DifferencesAsync);
        var round = 0;
        await soak.RestsAsync(() => WrittenDuringVisitsAsync(running, faults.Injector, $"soak-{++round}"));
        await soak.ConvergesAsync("after another visit to everything", DifferencesAsync);

        async Task<IReadOnlyList<string>> DifferencesAsync() =>
            SoakExpectation.Differences(await SoakSnapshot.TakeAsync(running.Client), TimeProvider.System.GetUtcNow());
    }

    /// <summary>Every collection and grant is visited once more, which writes that it was and nothing else.</summary>
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
