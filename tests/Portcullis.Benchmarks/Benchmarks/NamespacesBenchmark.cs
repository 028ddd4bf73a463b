using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Programs;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Testing;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// 10,000 namespaces in 1,000 collections, ten in each and a hundred collections below each of ten, against a tenth of all; a grant on each of the
/// ten reaches a tenth of the namespaces. From the ref moving until all are Ready.
/// </summary>
internal static class NamespacesBenchmark
{
    private const int Areas = 10;
    private const int Few = 10;
    private const int Many = 100;
    private const int InCollection = 10;

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        var few = await MeasureAsync(Few);
        var many = await MeasureAsync(Many);
        return
        [
            Bar.AtMost($"namespaces: time for each of {many.Namespaces} vs {few.Namespaces}", many.EachMilliseconds / few.EachMilliseconds, 1.3, "x", $"{few.Text()}; {many.Text()}"),
            Bar.AtMost($"namespaces: operator resident with {many.Namespaces}", many.Resident, 600, " MB"),
        ];
    }

    private static async Task<Result> MeasureAsync(int collectionsInArea)
    {
        await using var bench = await Bench.StartAsync();
        await using var program = await bench.StartFollowingAsync();
        for (var area = 0; area < Areas; area++)
        {
            bench.Git.Write($"area-{BenchmarkRun.Number(area)}.yaml", Sample.File(Area(area, collectionsInArea)));
        }

        var started = program.Cpu;
        var time = await bench.TimeFromRefAsync(() => Eventually.HoldsAsync(
            async () => await bench.CountReadyAsync(Collection.Definition) == Areas * collectionsInArea && await bench.CountReadyAsync(Grant.Definition) == Areas,
            TimeSpan.FromMinutes(15)));
        return new Result(
            Areas * collectionsInArea * InCollection, time.TotalSeconds, (program.Cpu - started).TotalSeconds, program.ResidentMegabytes, bench.ApiResidentMegabytes);
    }

    /// <summary>A collection, those below it, and the grant that reaches them all.</summary>
    private static IEnumerable<JsonObject> Area(int area, int collections)
    {
        var name = Sample.Name("area", area);
        yield return Sample.Grant(name, "User", Sample.Name("user", area), "ViewOnly", $"/{name}");
        yield return Sample.Collection(name, $"/{name}", Namespaces(name));
        foreach (var part in Enumerable.Range(1, collections - 1).Select(i => $"{name}-{Sample.Name("part", i)}"))
        {
            yield return Sample.Collection(part, $"/{name}/{part}", Namespaces(part));
        }
    }

    private static IEnumerable<string> Namespaces(string collection) => Enumerable.Range(0, InCollection).Select(i => $"{collection}-{BenchmarkRun.Number(i)}");

    private sealed record Result(int Namespaces, double Time, double Cpu, double Resident, double ApiResident)
    {
        public double EachMilliseconds => Time / Namespaces * 1000;

        public string Text() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Namespaces}: {Time:0.0} s, {EachMilliseconds:0.00} ms each, operator {Cpu:0.0} s CPU and {Resident:0} MB, API {ApiResident:0} MB");
    }
}
