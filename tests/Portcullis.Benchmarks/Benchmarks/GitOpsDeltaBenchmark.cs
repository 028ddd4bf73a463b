using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Programs;
using Portcullis.Kubernetes.Connection;
using Portcullis.Testing.Faults;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// 10 changed of 5,000 objects: the writes counted by a proxy between operator and API, the time against kubectl applying the folder;
/// and what looking at an unchanged repository costs.
/// </summary>
internal static class GitOpsDeltaBenchmark
{
    private const int Objects = 5000;
    private const int Changed = 10;
    private const int Rounds = 5;

    /// <summary>In the first half minute after its start the program still compiles what it runs often.</summary>
    private const int Seconds = 60;

    private const string Space = "delta";

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        await using var bench = await Bench.StartAsync();
        await bench.MakeNamespaceAsync(Space);
        for (var i = 0; i < Objects; i++)
        {
            Write(bench, i, "1");
        }

        bench.Git.Commit();
        var connection = KubeConfig.LoadDefault(bench.Kubeconfig);
        await using var proxy = await FaultProxy.StartAsync(connection.Server, connection.CertificateAuthorities[0].ExportCertificatePem());
        await using var program = bench.StartOperator(proxy.WriteKubeconfig(bench.Kubeconfig, Path.Combine(bench.Folder, "proxy.kubeconfig")));
        await bench.FollowAsync("1s");
        await bench.AppliedAsync(bench.Git.Head);

        Samples ours = new(), declared = new(), own = new();
        for (var round = 0; round < Rounds; round++)
        {
            await QuietAsync(proxy);
            proxy.Faults.Reset();
            ours.Add(await ChangeAsync(bench, round));
            await QuietAsync(proxy);
            var writes = proxy.Faults.Seen.Where(r => r.IsWrite && !r.Path.Contains("/events", StringComparison.Ordinal)).ToList();
            declared.Add(writes.Count(w => w.Path.Contains("/configmaps/", StringComparison.Ordinal)));
            own.Add(writes.Count(w => w.Path.Contains("portcullis.dev", StringComparison.Ordinal)));
        }

        var idle = await IdleAsync(proxy, program);
        return
        [
            Bar.AtMost("gitops-delta writes of declared objects", declared.Median, Changed, "", declared.Text("")),
            Bar.AtLeastOf("gitops-delta writes of declared objects", declared.Median, Changed, ""),
            Bar.AtMost("gitops-delta writes of its own", own.Median, 3, "", own.Text("")),
            await PeerAsync(bench, ours),
            .. idle,
        ];
    }

    private static void Write(Bench bench, int number, string value) => bench.Git.Write(
        $"objects/{BenchmarkRun.Number(number / 100)}/{Sample.Name("settings", number)}.json",
        Sample.ConfigMap(Space, number, value).ToJsonString());

    private static async Task<TimeSpan> ChangeAsync(Bench bench, int round)
    {
        for (var i = 0; i < Changed; i++)
        {
            Write(bench, (i * 477) + round, $"changed in round {BenchmarkRun.Number(round)}");
        }

        bench.Git.Git("checkout", "-q", "-B", "next");
        var commit = bench.Git.Commit();
        return await BenchmarkRun.TimeAsync(async () =>
        {
            bench.Git.Git("update-ref", "refs/heads/main", commit);
            await bench.AppliedAsync(commit);
        });
    }

    private static async Task<Bar> PeerAsync(Bench bench, Samples ours)
    {
        const string name = "gitops-delta vs kubectl";
        if (await RecursiveAsync(bench) is not { } time)
        {
            return Bar.Missing(name, "kubectl is not installed");
        }

        var peer = new Samples();
        peer.Add(time);
        return Bar.AtLeastOf(name, peer.Median / ours.Median, 100, "x", $"ours {ours.Text()}, kubectl {peer.Text()}");
    }

    /// <summary>All folders in one command.</summary>
    private static Task<TimeSpan?> RecursiveAsync(Bench bench)
    {
        var flat = Directory.CreateDirectory(Path.Combine(bench.Folder, "flat")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(bench.Git.Folder, "objects"), "*.json", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(flat, Path.GetFileName(file)), overwrite: true);
        }

        return GitOpsBenchmark.ApplyFolderAsync(bench, flat);
    }

    /// <summary>With an interval of one second every second is one look at an unchanged repository.</summary>
    private static async Task<IReadOnlyList<Bar>> IdleAsync(FaultProxy proxy, BuiltProgram program)
    {
        await QuietAsync(proxy);
        proxy.Faults.Reset();
        var before = program.Cpu;
        await Task.Delay(TimeSpan.FromSeconds(Seconds), TimeProvider.System);
        var cpu = (program.Cpu - before).TotalMilliseconds / Seconds;
        return
        [
            Bar.AtMost("gitops-delta unchanged: writes", proxy.Faults.Writes, 0, ""),
            Bar.AtMost("gitops-delta unchanged: CPU a check", cpu, 25, " ms", "one check a second"),
        ];
    }

    /// <summary>Until no write has come for a second.</summary>
    private static async Task QuietAsync(FaultProxy proxy)
    {
        int before;
        do
        {
            before = proxy.Faults.Writes;
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }
        while (proxy.Faults.Writes != before);
    }
}
