using System.Text.Json.Nodes;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Programs;
using Portcullis.Clients.Engine;
using Portcullis.Core;
using Portcullis.Core.Hardening;
using Portcullis.Kubernetes.Client;
using Portcullis.Testing;
using Portcullis.Testing.Engines;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// A key of daemon.json is changed by hand; the time to the engine's event <c>reload</c>. The floor is what nobody can do without:
/// write, fsync, rename, SIGHUP, and that event, on an engine of the same kind.
/// </summary>
internal static class ReloadBenchmark
{
    private const int Rounds = 15;
    private const string Node = "bench";
    private const int Drift = 3;

    private const string Wished =
        """{"live-restore": true, "max-concurrent-downloads": 6, "max-concurrent-uploads": 6, "max-download-attempts": 6, "shutdown-timeout": 6}""";

    /// <summary>Another one each round: the same key is put back at most five times a minute.</summary>
    private static readonly string[] Keys = ["max-concurrent-downloads", "max-concurrent-uploads", "max-download-attempts", "shutdown-timeout"];

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        const string name = "reload: drift vs bare write and SIGHUP";
        if (DockerEngine.Missing is { } reason)
        {
            return [Bar.Missing(name, reason)];
        }

        await using var bench = await Bench.StartAsync();
        await using var kept = await DockerEngine.StartAsync(Wished, CancellationToken.None);
        await using var bare = await DockerEngine.StartAsync(Wished, CancellationToken.None);
        await DeclareAsync(bench);
        await using var agent = BuiltProgram.Start(
            "agent", "--kubeconfig", bench.Kubeconfig, "--node", Node, "--engine", kept.Address, "--daemon-json", kept.DaemonJson,
            "--pid-file", kept.PidFile, "--state", Path.Combine(bench.Folder, "agent"), "--restart-command", "true");
        await Eventually.HoldsAsync(
            async () => (await bench.Client.GetAsync(NodeReport.Definition, ObjectKey.Cluster(Node), CancellationToken.None))?["status"] is not null,
            TimeSpan.FromSeconds(60));

        Samples ours = new(), floor = new();
        for (var round = 0; round < Rounds; round++)
        {
            var drifted = Drifted(Keys[round % Keys.Length]);
            ours.Add(await ToReloadAsync(kept.Client, () => ReplaceAsync(kept.DaemonJson, drifted)));
            await Eventually.HoldsAsync(() => JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(kept.DaemonJson)), JsonNode.Parse(Wished)));
            var content = round % 2 == 0 ? drifted : Wished;
            floor.Add(await ToReloadAsync(bare.Client, async () =>
            {
                await ReplaceAsync(bare.DaemonJson, content);
                await bare.ReloadAsync();
            }));
        }

        return [Bar.AtMost(name, ours.Median / floor.Median, 1.2, "x", $"ours {ours.Text()}, bare {floor.Text()}")];
    }

    private static string Drifted(string key)
    {
        var content = JsonNode.Parse(Wished)!;
        content[key] = Drift;
        return content.ToJsonString();
    }

    private static async Task DeclareAsync(Bench bench)
    {
        var write = new WriteOptions("benchmark");
        await bench.Client.ApplyAsync(
            ClusterKinds.Node,
            new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["metadata"] = new JsonObject { ["name"] = Node } },
            write,
            CancellationToken.None);
        await bench.Client.ApplyAsync(
            NodeHardening.Definition,
            new JsonObject
            {
                ["apiVersion"] = NodeHardening.Definition.ApiVersion,
                ["kind"] = NodeHardening.Definition.Kind,
                ["metadata"] = new JsonObject { ["name"] = "bench", ["labels"] = new JsonObject { [WellKnown.Labels.Source] = "root" } },
                ["spec"] = new JsonObject { ["daemonJSON"] = JsonNode.Parse(Wished) },
            },
            write,
            CancellationToken.None);

        // As the operator confirms it: an agent acts upon nothing else.
        var confirmed = new JsonObject { ["status"] = new JsonObject { ["declared"] = new JsonObject { ["generation"] = 1, ["source"] = "root" } } };
        await bench.Client.MergePatchAsync(NodeHardening.Definition, ObjectKey.Cluster("bench"), confirmed, write, CancellationToken.None, "status");
    }

    /// <summary>From the beginning of the act to the engine's next reload.</summary>
    private static async Task<TimeSpan> ToReloadAsync(EngineClient engine, Func<Task> act)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reloaded = NextReloadAsync(engine, listening, stop.Token);
        await listening.Task;
        var started = TimeProvider.System.GetTimestamp();
        await act();
        await reloaded;
        return TimeProvider.System.GetElapsedTime(started);
    }

    private static async Task NextReloadAsync(EngineClient engine, TaskCompletionSource listening, CancellationToken cancellationToken)
    {
        await foreach (var one in engine.WatchEventsAsync("daemon", listening, cancellationToken))
        {
            if (one.Action == "reload")
            {
                return;
            }
        }
    }

    /// <summary>Write, fsync, rename.</summary>
    private static async Task ReplaceAsync(string path, string content)
    {
        await using (var file = new FileStream(path + ".new", FileMode.Create))
        {
            await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(content));
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }
}
