using System.Diagnostics;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Programs;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// 1,000 ConfigMaps in one commit, from the ref moving to the last object seen by a watch; against the same number by a raw loop of
/// server-side apply over 8 connections and by kubectl. Each round uses namespaces of its own, so that all three create.
/// </summary>
internal static class GitOpsBenchmark
{
    private const int Objects = 1000;
    private const int Rounds = 21;

    /// <summary>kubectl takes as long as all else together, and its bar is far away.</summary>
    private const int RoundsOfKubectl = 7;
    private const int Pushes = 9;

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        await using var bench = await Bench.StartAsync();
        await using var watcher = await Watcher.StartAsync(bench.Client, Sample.ConfigMaps, "app=shop");
        await bench.MakeNamespaceAsync("kept");
        bench.Push(bench.Git.Write("kept/one.json", Sample.ConfigMap("kept", 0).ToJsonString()).Commit());
        await using var program = bench.StartOperator();
        await bench.FollowAsync(url: bench.Origin, prune: Objects);
        await bench.AppliedAsync(bench.Git.Head);
        Samples ours = new(), raw = new(), kubectl = new();
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(await OursAsync(bench, watcher, await NamespaceAsync(bench, "ours", round)));
            raw.Add(await RawAsync(bench, await NamespaceAsync(bench, "raw", round)));
            if (round < RoundsOfKubectl && await KubectlAsync(bench, await NamespaceAsync(bench, "kubectl", round)) is { } time)
            {
                kubectl.Add(time);
            }
        }

        var loop = Bar.AtMost("gitops vs raw loop", ours.Median / raw.Median, 1.3, "x", $"ours {ours.Text()}, raw loop {raw.Text()}");
        var peer = IsThere("kubectl")
            ? Bar.AtLeastOf("gitops vs kubectl", kubectl.Median / ours.Median, 4, "x", $"kubectl apply --server-side {kubectl.Text()}")
            : Bar.Missing("gitops vs kubectl", "kubectl is not installed");
        return
        [
            loop,
            peer,
            await RefAsync(bench, watcher),
        ];
    }

    internal static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(f => File.Exists(Path.Combine(f, program)));

    /// <summary><c>kubectl apply --server-side</c> of a folder; null when there is no kubectl.</summary>
    internal static async Task<TimeSpan?> ApplyFolderAsync(Bench bench, string folder)
    {
        if (!IsThere("kubectl"))
        {
            return null;
        }

        return await BenchmarkRun.TimeAsync(async () =>
        {
            var start = new ProcessStartInfo("kubectl", ["--kubeconfig", bench.Kubeconfig, "apply", "--server-side", "--force-conflicts", "-f", folder])
            {
                RedirectStandardOutput = true,
            };
            using var process = Process.Start(start)!;
            await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException("kubectl apply failed");
            }
        });
    }

    private static async Task<TimeSpan> OursAsync(Bench bench, Watcher watcher, string @namespace)
    {
        for (var i = 0; i < Objects; i++)
        {
            bench.Git.Write($"{@namespace}/{Sample.Name("settings", i)}.json", Sample.ConfigMap(@namespace, i).ToJsonString());
        }

        // The commit is pushed beforehand to another branch; moving the ref is what starts the clock.
        var commit = bench.Git.Commit();
        bench.Push(commit, "next");
        var time = await BenchmarkRun.TimeAsync(async () =>
        {
            bench.Git.Git("--git-dir", bench.Origin, "update-ref", "refs/heads/main", commit);
            await watcher.UntilCountAsync(@namespace, Objects);
        });

        // Gone again before the next round: each is a thousand objects, not one more thousand of a source that grows.
        Directory.Delete(Path.Combine(bench.Git.Folder, @namespace), recursive: true);
        bench.Push(bench.Git.Commit());
        await watcher.UntilCountAsync(@namespace, 0);
        await bench.AppliedAsync(bench.Git.Head);
        return time;
    }

    private static Task<TimeSpan> RawAsync(Bench bench, string @namespace)
    {
        var objects = Enumerable.Range(0, Objects).Select(i => Sample.ConfigMap(@namespace, i)).ToList();
        return BenchmarkRun.TimeAsync(() => RawLoop.ApplyAsync(bench.Client, Sample.ConfigMaps, objects));
    }

    private static async Task<TimeSpan?> KubectlAsync(Bench bench, string @namespace)
    {
        var folder = Directory.CreateDirectory(Path.Combine(bench.Folder, @namespace)).FullName;
        for (var i = 0; i < Objects; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"{Sample.Name("settings", i)}.json"), Sample.ConfigMap(@namespace, i).ToJsonString());
        }

        return await ApplyFolderAsync(bench, folder);
    }

    private static async Task<string> NamespaceAsync(Bench bench, string who, int round)
    {
        var name = $"{who}-{BenchmarkRun.Number(round)}";
        await bench.MakeNamespaceAsync(name);
        return name;
    }

    /// <summary>One object, from a ref of a local repository moving (noticed by inotify) to the object seen by a watch.</summary>
    private static async Task<Bar> RefAsync(Bench bench, Watcher watcher)
    {
        await bench.MakeNamespaceAsync("pushed");
        var samples = new Samples();
        for (var i = 0; i < Pushes; i++)
        {
            var key = $"pushed/{Sample.Name("settings", i)}";
            bench.Git.Write($"pushed/{BenchmarkRun.Number(i)}.json", Sample.ConfigMap("pushed", i).ToJsonString());
            var commit = bench.Git.Commit();
            bench.Push(commit, "next");
            samples.Add(await BenchmarkRun.TimeAsync(async () =>
            {
                bench.Git.Git("--git-dir", bench.Origin, "update-ref", "refs/heads/main", commit);
                await watcher.UntilAsync(present => present.Contains(key));
            }));
        }

        return Bar.AtMost("gitops one object from a local ref moving", samples.Median, 1000, " ms", samples.Text());
    }
}
