using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Benchmarks.Benchmarks;

namespace Portcullis.Benchmarks.Measuring;

/// <summary>The command line: names choose, <c>--list</c> lists, <c>--json FILE</c> keeps the figures; exit 1 when a bar is missed.</summary>
internal static class BenchmarkRun
{
    /// <summary>A new benchmark is one line here.</summary>
    private static readonly (string Name, string About, Func<Task<IReadOnlyList<Bar>>> Run)[] All =
    [
        ("gitops", "1,000 objects in one commit, against a raw loop and kubectl; one object in a local repository", GitOpsBenchmark.RunAsync),
        ("gitops-push", "one object, from git push by way of the receiver", PushBenchmark.RunAsync),
        ("gitops-delta", "10 changed of 5,000 objects, and an unchanged repository", GitOpsDeltaBenchmark.RunAsync),
        ("read", "a revision of 5,000 files and its difference to another, against the git program", ReadBenchmark.RunAsync),
        ("grants", "one grant that reaches 300 namespaces, and its revocation", GrantsBenchmark.RunAsync),
        ("drift", "a deleted RoleBinding comes back, with 1,000 grants loaded", DriftBenchmark.RunAsync),
        ("memory", "10,000 objects in the store: resident size, start to first reconcile", MemoryBenchmark.RunAsync),
        ("scale", "500 and 5,000 collections with a grant each, from one commit to all Ready (minutes)", ScaleBenchmark.RunAsync),
        ("namespaces", "10,000 namespaces in 1,000 collections, against a tenth of them (minutes)", NamespacesBenchmark.RunAsync),
        ("objects", "100,000 objects in one source, against a tenth of them (minutes)", ObjectsBenchmark.RunAsync),
        ("prune", "1,000 objects that leave Git, against a raw loop of deletes", PruneBenchmark.RunAsync),
        ("restart", "an operator started where 5,000 grants are in force: time until it is quiet, and its writes", RestartBenchmark.RunAsync),
        ("revoke", "a grant that leaves Git until its user is denied, with 1,000 grants and 200 failing writes", RevokeBenchmark.RunAsync),
        ("gateway", "pulls through the gateway: a layer of 100 MB against nginx, manifests by 64 connections against the registry itself", GatewayBenchmark.RunAsync),
        ("token", "tokens for clients with 1,000 organizations and 10,000 grants, by a gateway on one processor", TokenBenchmark.RunAsync),
        ("admission", "reviews of pods with signed images against a bare Kestrel handler, and verifications for 10,000 pods", AdmissionBenchmark.RunAsync),
        ("promote", "100 images promoted within one docker-registry: requests, bytes, and time against bare requests, skopeo, crane and oras", PromoteBenchmark.RunAsync),
        ("match", "the vulnerabilities of 1,000 and 20,000 components, with 7,000 and 70,000 advisories, against a Trivy server", MatchBenchmark.RunAsync),
        ("import", "100,000 advisories into the database: time, size", ImportBenchmark.RunAsync),
        ("rematch", "10,000 images judged again after their vulnerability database was replaced", RematchBenchmark.RunAsync),
        ("scan", "an image of 500 MB and 400 Debian packages, against gunzip to /dev/null; memory", ScanBenchmark.RunAsync),
        ("trust-read", "trust data of one name against notary lookup, and of 10,000 names: time, memory", TrustReadBenchmark.RunAsync),
        ("trust-verify", "trust data of a repository verified, against bare ECDSA verifications; 1,000 tags; an unchanged timestamp", TrustVerifyBenchmark.RunAsync),
        ("delegations", "50 delegations of a repository, from a commit until a notary-server has them, against the notary client", DelegationsBenchmark.RunAsync),
        ("reload", "daemon.json drift to the engine's reload event, against the bare steps", ReloadBenchmark.RunAsync),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Contains("--list"))
        {
            foreach (var (name, about, _) in All)
            {
                Console.WriteLine($"{name,-14} {about}");
            }

            return 0;
        }

        var at = Array.IndexOf(args, "--json");
        var json = at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
        var names = args.Where((a, i) => at < 0 || (i != at && i != at + 1)).ToList();
        if (names.Find(n => All.All(b => b.Name != n)) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"unknown benchmark {unknown}; --list names them");
            return 2;
        }

        var bars = new List<Bar>();
        foreach (var (name, _, run) in All.Where(b => names.Count == 0 || names.Contains(b.Name)))
        {
            bars.AddRange(await MeasureAsync(name, run));
        }

        if (json is not null)
        {
            await File.WriteAllTextAsync(json, new JsonArray([.. bars.Select(b => b.ToJson())]).ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        }

        return bars.All(b => b.IsMet) ? 0 : 1;
    }

    private static async Task<IReadOnlyList<Bar>> MeasureAsync(string name, Func<Task<IReadOnlyList<Bar>>> run)
    {
        var load = (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0];
        Console.WriteLine($"# {name} (load {load})");
        IReadOnlyList<Bar> bars;
        try
        {
            bars = await run();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A benchmark that breaks has met nothing; the others are still worth running.
            await Console.Error.WriteLineAsync(exception.ToString());
            bars = [Bar.Missing(name, exception.Message.Split('\n')[0])];
        }

        foreach (var bar in bars)
        {
            Console.WriteLine(bar.Line);
        }

        return bars;
    }

    /// <summary>How long something takes.</summary>
    public static async Task<TimeSpan> TimeAsync(Func<Task> work)
    {
        var started = TimeProvider.System.GetTimestamp();
        await work();
        return TimeProvider.System.GetElapsedTime(started);
    }

    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
