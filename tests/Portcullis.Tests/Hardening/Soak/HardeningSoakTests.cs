using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Engines;
using Portcullis.Tests.Soaks;

namespace Portcullis.Tests.Hardening.Soak;

/// <summary>
/// Whatever was declared, edited by hand, killed or lost on the way, in whatever order: in the end daemon.json, the engine and every status
/// are what the last declarations say, and then nothing is written, reloaded or restarted any more.
/// </summary>
internal sealed class HardeningSoakTests
{
    private const int Deeds = 60;
    private const int Hands = 3;
    private const int LongestPause = 900;

    /// <summary>As long as several looks of the agent take.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2.5);

    [TestCaseSource(typeof(SoakSeeds), nameof(SoakSeeds.Few))]
    public Task A_node_is_as_declared_after_any_disorder(int seed) => SoakAsync(seed);

    [TestCaseSource(typeof(SoakSeeds), nameof(SoakSeeds.Many))]
    [Category("Faults")]
    public Task A_node_is_as_declared_after_any_disorder_of_many(int seed) => SoakAsync(seed);

    private static async Task SoakAsync(int seed)
    {
        if (TestCluster.IsNamed || DockerEngine.Missing is not null)
        {
            Assert.Ignore(DockerEngine.Missing ?? "not run: the soak needs a cluster of one node, its own");
        }

        var log = SoakLog.Begin();
        await using var node = await SoakNode.StartAsync(seed);
        var run = new Run(node, seed, log);
        node.Faults.Begin();
        await run.Driver.RunAsync(Deeds, Hands, LongestPause, run.Deeds.Choose);
        node.Faults.End();
        await run.Deeds.EditLastAsync();
        await run.ConvergesAsync("after the faults ended");
        await run.RestsAsync();
        await run.Deeds.RectifyAsync();
        await run.ConvergesAsync("after nothing wrong was declared any more", isForeignKnown: false);
        await run.Deeds.EditLastAsync();
        await node.Process.RestartAsync(default);
        await run.ConvergesAsync("after one more edit by hand and a restart", isSettled: true);
        await run.RestsAsync();
        await run.Deeds.DeleteAllAsync();
        await run.ConvergesAsync("after all was deleted", isSettled: true);
        await run.RestsAsync();
    }

    private sealed class Run
    {
        private readonly SoakNode _node;
        private SoakWorld? _world;

        public Run(SoakNode node, int seed, ConcurrentQueue<string> log)
        {
            _node = node;
            Driver = new SoakDriver(seed, () => $"{Describe(_world)}\nSaid:\n  {string.Join("\n  ", log.TakeLast(60))}");
            Deeds = new NodeDeeds(node, Driver);
        }

        public SoakDriver Driver { get; }

        public NodeDeeds Deeds { get; }

        /// <param name="when">For the message.</param>
        /// <param name="isForeignKnown">A roll-back may meanwhile have undone the last edit by hand.</param>
        /// <param name="isSettled">Nobody has tampered with our keys since the engine started, and an administrator restarts it where that is asked of him.</param>
        public Task ConvergesAsync(string when, bool isForeignKnown = true, bool isSettled = false)
        {
            var downSince = TimeProvider.System.GetTimestamp();
            return Driver.ConvergesAsync(when, async () =>
            {
                var world = _world = await SoakWorld.TakeAsync(_node);
                downSince = world.Info is null ? downSince : TimeProvider.System.GetTimestamp();
                var differences = SoakExpectation.Differences(world, isForeignKnown ? Deeds.Foreign : ForeignOf(world), isSettled);
                if (differences.Count == 0 && isSettled && world.Report?["status"]?["pendingRestart"] is not null)
                {
                    await _node.Process.RestartAsync(default);
                    return ["a restart pends"];
                }

                if (differences.Count > 0 && TimeProvider.System.GetElapsedTime(downSince) > TimeSpan.FromSeconds(8)
                    && await _node.Process.StateAsync(default) == EngineProcessState.Failed)
                {
                    // It fell over a file that is put right by now, and who keeps it has given up.
                    await _node.Process.StartAsync(default);
                }

                return differences;
            });
        }

        /// <summary>Nothing is written and the engine is left alone.</summary>
        public Task RestsAsync() => Driver.RestsAsync(async () =>
        {
            var before = await SoakWorld.TakeAsync(_node);
            var requests = _node.Requests.Seen.Count;
            IReadOnlyList<string> changes = [];
            await Eventually.ComesAsync(async () => (changes = await ChangesAsync(before, requests)).Count > 0, Quiet, pause: Quiet / 10);
            return changes;
        });

        private async Task<IReadOnlyList<string>> ChangesAsync(SoakWorld before, int requests)
        {
            var now = _world = await SoakWorld.TakeAsync(_node);
            return
            [
                .. _node.Requests.Seen.Skip(requests).Where(r => r.IsWrite && !r.Path.Contains("/leases", StringComparison.Ordinal)).Select(r => r.ToString()),
                .. now.Written == before.Written ? Array.Empty<string>() : [$"{before.Written} became {now.Written}"],
                .. now.Pid == before.Pid && now.Reloads == before.Reloads ? Array.Empty<string>() : [$"engine {before.Pid}, {before.Reloads} reloads became {now.Pid}, {now.Reloads} reloads"],
            ];
        }

        /// <summary>All that the agent does not claim: a roll-back also gives back what stood there before a key became ours.</summary>
        private static JsonObject ForeignOf(SoakWorld world) =>
            new((world.File ?? []).Where(p => world.State["keys"]?["owned"]?[p.Key] is null).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));

        private static string Describe(SoakWorld? world) => world is null
            ? ""
            : $"File: {world.File?.ToJsonString()}\nTier: {world.Tier}\nReport: {world.Report?["status"]?.ToJsonString()}\nState: {world.State.ToJsonString()}\n"
                + string.Join('\n', world.Hardenings.Select(h => $"{h["metadata"]!["name"]} {h["spec"]!.ToJsonString()} {h["status"]?.ToJsonString()}"));
    }
}
