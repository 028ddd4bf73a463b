using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Engines;

namespace Portcullis.Tests.Hardening.Soak;

/// <summary>
/// Whatever was declared, edited by hand, killed or lost on the way, in whatever order: in the end daemon.json, the engine and every status
/// are what the last declarations say, and then nothing is written, reloaded or restarted any more.
/// </summary>
internal sealed class HardeningSoakTests
{
    private const int Deeds = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2.5);

    private static IEnumerable<int> FewSeeds => [1, 2];

    private static IEnumerable<int> ManySeeds => Seeds.OrAsked(3, 12);

    [TestCaseSource(nameof(FewSeeds))]
    public Task A_node_is_as_declared_after_any_disorder(int seed) => SoakAsync(seed);

    [TestCaseSource(nameof(ManySeeds))]
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
        var run = new Run(node, new SoakDriver(node, seed), seed, log);
        node.Faults.Begin();
        await run.Driver.RunAsync(Deeds);
        node.Faults.End();
        await run.Driver.EditLastAsync();
        await run.ConvergesAsync("after the faults ended");
        await run.IsQuietAsync();
        await run.Driver.RectifyAsync();
        await run.ConvergesAsync("after nothing wrong was declared any more", isForeignKnown: false);
        await run.Driver.EditLastAsync();
        await node.Process.RestartAsync(default);
        await run.ConvergesAsync("after one more edit by hand and a restart", isSettled: true);
        await run.IsQuietAsync();
        await run.Driver.DeleteAllAsync();
        await run.ConvergesAsync("after all was deleted", isSettled: true);
        await run.IsQuietAsync();
    }

    private sealed record Run(SoakNode Node, SoakDriver Driver, int Seed, ConcurrentQueue<string> Log)
    {
        /// <param name="when">For the message.</param>
        /// <param name="isForeignKnown">A roll-back may meanwhile have undone the last edit by hand.</param>
        /// <param name="isSettled">Nobody has tampered with our keys since the engine started, and an administrator restarts it where that is asked of him.</param>
        public async Task ConvergesAsync(string when, bool isForeignKnown = true, bool isSettled = false)
        {
            IReadOnlyList<string> differences = [];
            var started = TimeProvider.System.GetTimestamp();
            var (downSince, world) = (started, (SoakWorld?)null);
            try
            {
                await Eventually.HoldsAsync(
                    async () =>
                    {
                        world = await SoakWorld.TakeAsync(Node);
                        downSince = world.Info is null ? downSince : TimeProvider.System.GetTimestamp();
                        var foreign = isForeignKnown ? Driver.Foreign : ForeignOf(world);
                        differences = SoakExpectation.Differences(world, foreign, isSettled);
                        if (differences.Count == 0 && isSettled && world.Report?["status"]?["pendingRestart"] is not null)
                        {
                            differences = ["a restart pends"];
                            await Node.Process.RestartAsync(default);
                        }
                        else if (TimeProvider.System.GetElapsedTime(downSince) > TimeSpan.FromSeconds(8) && await Node.Process.StateAsync(default) == EngineProcessState.Failed)
                        {
                            // It fell over a file that is put right by now, and who keeps it has given up.
                            await Node.Process.StartAsync(default);
                        }

                        return differences.Count == 0;
                    },
                    Patience,
                    "the node is as declared");
                await TestContext.Progress.WriteLineAsync($"seed {Seed}: as declared {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s {when}");
            }
            catch (TimeoutException)
            {
                Assert.Fail(
                    $"Seed {Seed}: not as declared within {Patience.TotalSeconds:0} s {when}:\n  {string.Join("\n  ", differences)}\n{Describe(world)}\n"
                    + $"Done last:\n  {string.Join("\n  ", Driver.LastDone)}\nSaid:\n  {string.Join("\n  ", Log.TakeLast(60))}");
            }
        }

        /// <summary>
        /// Nothing is written and the engine is left alone, for as long as several looks of the agent take. A watch that the faults had broken may
        /// still pause before it comes back (20 s at the longest); who never comes to rest fails.
        /// </summary>
        public async Task IsQuietAsync()
        {
            IReadOnlyList<string> done = [];
            var before = await SoakWorld.TakeAsync(Node);
            var requests = Node.Requests.Seen.Count;
            try
            {
                await Eventually.HoldsAsync(
                    async () =>
                    {
                        await Task.Delay(Quiet, TimeProvider.System);
                        var now = await SoakWorld.TakeAsync(Node);
                        var writes = Node.Requests.Seen.Skip(requests).Where(r => r.IsWrite && !r.Path.Contains("/leases", StringComparison.Ordinal)).Select(r => r.ToString()).ToList();
                        done =
                        [
                            .. writes,
                            .. now.Written == before.Written ? Array.Empty<string>() : [$"{before.Written} became {now.Written}"],
                            .. now.Pid == before.Pid && now.Reloads == before.Reloads ? Array.Empty<string>() : [$"engine {before.Pid}, {before.Reloads} reloads became {now.Pid}, {now.Reloads} reloads"],
                        ];
                        (before, requests) = (now, Node.Requests.Seen.Count);
                        return done.Count == 0;
                    },
                    Patience);
            }
            catch (TimeoutException)
            {
                Assert.Fail($"Seed {Seed}: no rest although everything is as declared:\n  {string.Join("\n  ", done)}\n{Describe(before)}\nSaid:\n  {string.Join("\n  ", Log.TakeLast(60))}");
            }
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
