using System.Globalization;
using Portcullis.ApiServer;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Programs;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Testing;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// Collections with a namespace and a grant each, declared in one commit, from the first look at the repository until all are Ready: ten times
/// as many must not take much more than ten times as long.
/// </summary>
internal static class ScaleBenchmark
{
    private const int Few = 500;
    private const int Many = 5000;
    private const int PairsInFile = 50;

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        var few = await MeasureAsync(Few);
        var many = await MeasureAsync(Many);
        return
        [
            Bar.AtMost($"scale: {Many} pairs vs {Few}", many.Time / few.Time, 12, "x", $"{few.Text()}; {many.Text()}"),
            Bar.AtMost($"scale: writes for each of {Many} pairs", many.WritesEach, 7, ""),
            Bar.AtMost($"scale: operator resident with {Many} pairs", many.Resident, 600, " MB"),
        ];
    }

    private static async Task<Result> MeasureAsync(int pairs)
    {
        await using var bench = await Bench.StartAsync();
        for (var first = 0; first < pairs; first += PairsInFile)
        {
            bench.Git.Write($"pairs-{first}.yaml", Manifests(first, Math.Min(PairsInFile, pairs - first)));
        }

        bench.Push(bench.Git.Commit());
        var port = LoopbackPort.Free();
        await using var program = bench.StartOperator(null, "--metrics-port", BenchmarkRun.Number(port));
        var time = await BenchmarkRun.TimeAsync(async () =>
        {
            await bench.FollowAsync(url: bench.Origin);
            await Eventually.HoldsAsync(
                async () => await bench.CountReadyAsync(Grant.Definition) == pairs && await bench.CountReadyAsync(Collection.Definition) == pairs, TimeSpan.FromMinutes(10));
        });
        return new Result(pairs, time.TotalSeconds, (double)await OperatorMetrics.WritesAsync(port) / pairs, program.Cpu.TotalSeconds, program.ResidentMegabytes);
    }

    private static string Manifests(int first, int count) => Sample.File(Enumerable.Range(first, count).Select(i => Sample.Name("pair", i)).SelectMany((name, i) => new[]
    {
        Sample.Collection(name, $"/{name}", [name]), Sample.Grant(name, "User", Sample.Name("user", first + i), "ViewOnly", $"/{name}"),
    }));

    private sealed record Result(int Pairs, double Time, double WritesEach, double Cpu, double Resident)
    {
        public string Text() => string.Create(
            CultureInfo.InvariantCulture, $"{Pairs} pairs: {Time:0.0} s, {WritesEach:0.0} writes each, operator {Cpu:0.0} s CPU and {Resident:0} MB");
    }
}
