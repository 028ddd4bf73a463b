using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Programs;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Organizations;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>RoleBindings are deleted by hand with 1,000 grants loaded; then the same while 200 grants fail for ever.</summary>
internal static class DriftBenchmark
{
    private const int Grants = 1000;
    private const int Failing = 200;
    private const int Rounds = 25;
    private static readonly WriteOptions Write = new("benchmark");
    private static readonly string[] Roles = ["ViewOnly", "RestrictedControl"];

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        await using var bench = await Bench.StartAsync();
        await bench.Client.ApplyAsync(Organization.Definition, Sample.Organization("acme", 250), Write, CancellationToken.None);
        for (var c = 0; c < 15; c++)
        {
            await bench.Client.ApplyAsync(
                Collection.Definition, Sample.Collection(Sample.Name("part", c), $"/part-{c}", [Sample.Name("ns", c)]), Write, CancellationToken.None);
        }

        await RawLoop.ApplyAsync(bench.Client, Grant.Definition, Enumerable.Range(0, Grants).Select(i => Sample.Grant(
            Sample.Name("grant", i), "User", Sample.Name("user", i % 250), Roles[i % 2], $"/part-{i % 15}")));
        await using var program = bench.StartTryingOperator();
        await using var bindings = await Watcher.StartAsync(bench.Client, ClusterKinds.RoleBinding, "app.kubernetes.io/managed-by=portcullis");
        await bindings.UntilAsync(present => present.Count >= 30);

        var healthy = await RevertsAsync(bench, bindings);
        await RawLoop.ApplyAsync(bench.Client, Grant.Definition, Enumerable.Range(0, Failing).Select(i => Sample.Grant(
            Sample.Name("broken", i), "User", Sample.Name("user", i), "NoSuchRole", "/no-such-collection")));
        var beside = await RevertsAsync(bench, bindings);
        return
        [
            Bar.AtMost("drift: revert of a deleted RoleBinding", healthy.Median, 100, " ms", healthy.Text()),
            Bar.AtMost("drift: the same beside 200 failing grants", beside.Median, 100, " ms", beside.Text()),
        ];
    }

    private static async Task<Samples> RevertsAsync(Bench bench, Watcher bindings)
    {
        // Another one each time: what is put back five times within a minute is left alone for the rest of it.
        var samples = new Samples();
        List<string> all = [];
        await bindings.UntilAsync(present => (all = [.. present.Order(StringComparer.Ordinal)]).Count >= Rounds);
        for (var round = 0; round < Rounds; round++)
        {
            var victim = all[round];
            var key = new ObjectKey(victim.Split('/')[0], victim.Split('/')[1]);
            var gone = bindings.UntilAsync(present => !present.Contains(victim));
            var started = TimeProvider.System.GetTimestamp();
            await bench.Client.DeleteAsync(ClusterKinds.RoleBinding, key, new DeleteOptions(), CancellationToken.None);
            await gone;
            await bindings.UntilAsync(present => present.Contains(victim));
            samples.Add(TimeProvider.System.GetElapsedTime(started));
        }

        return samples;
    }
}
