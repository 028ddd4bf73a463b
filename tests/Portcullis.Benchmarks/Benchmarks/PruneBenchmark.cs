using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Programs;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>1,000 ConfigMaps leave Git in one commit, from the ref moving to the last one gone; against a raw loop of deletes over 8 connections.</summary>
internal static class PruneBenchmark
{
    private const int Objects = 1000;
    private const int Rounds = 11;

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        await using var bench = await Bench.StartAsync();
        await using var watcher = await Watcher.StartAsync(bench.Client, Sample.ConfigMaps, "app=shop");
        await bench.MakeNamespaceAsync("ours");
        await bench.MakeNamespaceAsync("raw");
        await using var program = bench.StartOperator();
        bench.Push(bench.Git.Write("kept.json", Sample.ConfigMap("raw", Objects).ToJsonString()).Commit());
        await bench.FollowAsync(url: bench.Origin, prune: Objects);
        await bench.AppliedAsync(bench.Git.Head);

        Samples ours = new(), raw = new();
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(await OursAsync(bench, watcher));
            raw.Add(await RawAsync(bench, watcher));
        }

        return [Bar.AtMost($"prune: {Objects} objects vs raw loop", ours.Median / raw.Median, 1.3, "x", $"ours {ours.Text()}, raw loop {raw.Text()}")];
    }

    private static async Task<TimeSpan> OursAsync(Bench bench, Watcher watcher)
    {
        bench.Git.Write("leaving.yaml", Sample.File(Enumerable.Range(0, Objects).Select(i => Sample.ConfigMap("ours", i))));
        bench.Push(bench.Git.Commit());
        await watcher.UntilCountAsync("ours", Objects);
        await bench.AppliedAsync(bench.Git.Head);

        File.Delete(Path.Combine(bench.Git.Folder, "leaving.yaml"));
        var time = await bench.TimeFromRefAsync(() => watcher.UntilCountAsync("ours", 0));
        await bench.AppliedAsync(bench.Git.Head);
        return time;
    }

    private static async Task<TimeSpan> RawAsync(Bench bench, Watcher watcher)
    {
        await RawLoop.ApplyAsync(bench.Client, Sample.ConfigMaps, Enumerable.Range(0, Objects).Select(i => Sample.ConfigMap("raw", i)));
        await watcher.UntilCountAsync("raw", Objects + 1);
        return await BenchmarkRun.TimeAsync(async () =>
        {
            await RawLoop.DeleteAsync(bench.Client, Sample.ConfigMaps, Enumerable.Range(0, Objects).Select(i => new ObjectKey("raw", Sample.Name("settings", i))));
            await watcher.UntilCountAsync("raw", 1);
        });
    }
}
