using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Programs;
using Portcullis.Core.Grants;
using Portcullis.Testing;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>The operator in its own process with 10,000 objects of ours in the store: VmRSS once it has come to rest, and its start.</summary>
internal static class MemoryBenchmark
{
    private const int Half = 5000;
    private const int Starts = 5;

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        await using var bench = await Bench.StartAsync();
        await bench.DeclareAsync("all",
        [
            Sample.Collection("all", "/all", ["everything"]),
            .. Enumerable.Range(0, Half).Select(i => Sample.Organization(Sample.Name("org", i), 3)),
            .. Enumerable.Range(0, Half).Select(i => Sample.Grant(Sample.Name("grant", i), "User", Sample.Name("user", i), "ViewOnly", "/all")),
        ]);

        var size = await SizeAsync(bench, Half);
        var again = await SizeAsync(bench, Half);
        var api = bench.ApiResidentMegabytes;
        var start = new Samples();
        for (var i = 0; i < Starts; i++)
        {
            start.Add(await StartAsync(bench));
        }

        return
        [
            Bar.AtMost("memory: resident with 10,000 objects, all brought in force", size, 200, " MB"),
            Bar.AtMost("memory: resident with 10,000 objects, started anew", again, 200, " MB"),
            Bar.AtMost("memory: embedded API resident with them", api, 250, " MB"),
            Bar.AtMost("memory: start to first reconcile", start.Median, 1500, " ms", start.Text()),
        ];
    }

    /// <summary>The operator's size in MB once every grant is Ready and it has come to rest.</summary>
    private static async Task<double> SizeAsync(Bench bench, int grants)
    {
        await using var program = bench.StartOperator();
        await bench.AppliedAsync(bench.Git.Head);
        await Eventually.HoldsAsync(async () => await bench.CountReadyAsync(Grant.Definition) == grants, TimeSpan.FromMinutes(5));
        await RestAsync(program);
        return program.ResidentMegabytes;
    }

    /// <summary>From the process' start until it says that it has reconciled an object; asking for its metrics meanwhile would slow it down.</summary>
    private static async Task<TimeSpan> StartAsync(Bench bench)
    {
        var started = TimeProvider.System.GetTimestamp();
        await using var program = bench.StartOperator();
        await program.SaysAsync("The first reconcile is done");
        return TimeProvider.System.GetElapsedTime(started);
    }

    /// <summary>Until it has used almost no processor for ten seconds: time enough to see that nothing is left to do.</summary>
    private static async Task RestAsync(BuiltProgram program)
    {
        TimeSpan before;
        do
        {
            before = program.Cpu;
            await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System);
        }
        while (program.Cpu - before > TimeSpan.FromMilliseconds(250));
    }
}
