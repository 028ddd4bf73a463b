using System.Globalization;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Programs;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// 10,000 and 100,000 ConfigMaps in one source, 100 in a file, from the ref moving until all are applied: an object of many must
/// cost little more than one of few.
/// </summary>
internal static class ObjectsBenchmark
{
    private const int Few = 10_000;
    private const int Many = 100_000;
    private const int InFile = 100;
    private const int InNamespace = 1000;

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        var few = await MeasureAsync(Few);
        var many = await MeasureAsync(Many);
        return
        [
            Bar.AtMost($"objects: time for each of {Many} vs {Few}", many.EachMilliseconds / few.EachMilliseconds, 1.3, "x", $"{few.Text()}; {many.Text()}"),
            Bar.AtMost($"objects: operator resident with {Many}", many.Resident, 600, " MB"),
            Bar.AtMost($"objects: embedded API resident with {Many}", many.ApiResident, 800, " MB"),
        ];
    }

    private static async Task<Result> MeasureAsync(int objects)
    {
        await using var bench = await Bench.StartAsync();
        await using var program = await bench.StartFollowingAsync();
        for (var n = 0; n < objects / InNamespace; n++)
        {
            await bench.MakeNamespaceAsync(Sample.Name("many", n));
        }

        for (var first = 0; first < objects; first += InFile)
        {
            var @namespace = Sample.Name("many", first / InNamespace);
            bench.Git.Write($"objects-{BenchmarkRun.Number(first)}.yaml", Sample.File(Enumerable.Range(first, InFile).Select(i => Sample.ConfigMap(@namespace, i))));
        }

        var started = program.Cpu;
        var time = await bench.TimeFromRefAsync(() => bench.AppliedAsync(bench.Git.Head, TimeSpan.FromMinutes(15)));
        return new Result(objects, time.TotalSeconds, (program.Cpu - started).TotalSeconds, program.ResidentMegabytes, bench.ApiResidentMegabytes);
    }

    private sealed record Result(int Objects, double Time, double Cpu, double Resident, double ApiResident)
    {
        public double EachMilliseconds => Time / Objects * 1000;

        public string Text() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Objects}: {Time:0.0} s, {EachMilliseconds:0.00} ms each, operator {Cpu:0.0} s CPU and {Resident:0} MB, API {ApiResident:0} MB");
    }
}
