using Portcullis.ApiServer;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Programs;
using Portcullis.Core.Grants;
using Portcullis.Testing;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>An operator that is started where 5,000 grants are in force already: how long until it is quiet, and what it writes.</summary>
internal static class RestartBenchmark
{
    private const int Grants = 5000;
    private const int Collections = 50;
    private const int Rounds = 3;

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        await using var bench = await Bench.StartAsync();
        for (var c = 0; c < Collections; c++)
        {
            var (name, number) = (Sample.Name("part", c), c);
            bench.Git.Write($"{name}.yaml", Sample.File(Enumerable.Range(0, Grants / Collections)
                .Select(i => Sample.Grant($"{name}-{BenchmarkRun.Number(i)}", "User", Sample.Name("user", (number * 100) + i), "ViewOnly", $"/{name}"))
                .Append(Sample.Collection(name, $"/{name}", [name]))));
        }

        bench.Push(bench.Git.Commit());
        await using (var first = bench.StartOperator())
        {
            await bench.FollowAsync(url: bench.Origin);
            await Eventually.HoldsAsync(async () => await bench.CountReadyAsync(Grant.Definition) == Grants, TimeSpan.FromMinutes(10));
            await bench.AppliedAsync(bench.Git.Head);
            await first.QuietAsync(TimeProvider.System.GetTimestamp());
        }

        var (time, cpu, writes) = (new Samples(), new Samples(), 0L);
        for (var round = 0; round < Rounds; round++)
        {
            var port = LoopbackPort.Free();
            var started = TimeProvider.System.GetTimestamp();
            await using var again = bench.StartOperator(null, "--metrics-port", BenchmarkRun.Number(port));
            time.Add(await again.QuietAsync(started));
            cpu.Add(again.Cpu.TotalSeconds);
            writes = Math.Max(writes, await OperatorMetrics.WritesAsync(port));
        }

        return
        [
            Bar.AtMost($"restart: quiet with {Grants} grants", time.Median / 1000, 8, " s", $"{time.Text()}, {cpu.Text(" s CPU")}"),
            Bar.AtMost($"restart: writes with {Grants} grants", writes, 0, ""),
        ];
    }
}
