using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Portcullis.Agent.Engine;
using Portcullis.Agent.Files;
using Portcullis.Core.Hardening;

namespace Portcullis.Tests.Agent;

/// <summary>From a hand edit of our key to the engine's event <c>reload</c>, beside a bare write, fsync, rename and SIGHUP up to the same event.</summary>
[Explicit("a measurement")]
internal sealed class ReloadTimes
{
    private const int Times = 60;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(150);

    [Test]
    public async Task From_a_hand_edit_to_the_reload()
    {
        await using var agent = await RunningAgent.StartAsync("{\"mtu\": 1400}");
        using var stop = new CancellationTokenSource();
        var heard = Channel.CreateUnbounded<long>();
        var listening = new TaskCompletionSource();
        var hearing = HearAsync(agent, heard.Writer, listening, stop.Token);
        await listening.Task;
        agent.Cluster.Ask("baseline", new JsonObject { ["debug"] = true });
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        await heard.Reader.ReadAsync();
        var path = agent.Engine.DaemonJson;
        var good = await File.ReadAllBytesAsync(path);
        var ours = await MeasureAsync(heard.Reader, () => { }, () => AtomicFile.Replace(path, "{\"mtu\": 1400, \"debug\": false}"u8), startsAfter: true);
        await agent.StopAgentAsync();
        var engine = RunningEngine.Find(agent.Engine.PidFile, TimeProvider.System)!;
        var floor = await MeasureAsync(heard.Reader, () => AtomicFile.Replace(path, good), () => engine.Reload(), startsAfter: false);
        await stop.CancelAsync();
        await hearing;
        await TestContext.Out.WriteLineAsync($"drift {ours:0.00} ms, bare {floor:0.00} ms, {ours / floor:0.00}x (bar: at most 1.5)");
        Assert.That(ours / floor, Is.AtMost(1.5));
    }

    /// <summary>The median from before both acts, or from after the second, to the reload.</summary>
    private static async Task<double> MeasureAsync(ChannelReader<long> heard, Action first, Action second, bool startsAfter)
    {
        var times = new List<double>();
        for (var i = 0; i < Times; i++)
        {
            var start = Stopwatch.GetTimestamp();
            first();
            second();
            start = startsAfter ? Stopwatch.GetTimestamp() : start;
            times.Add(Stopwatch.GetElapsedTime(start, await heard.ReadAsync()).TotalMilliseconds);
            await Task.Delay(Rest, TimeProvider.System);
            Assert.That(heard.TryRead(out _), Is.False, "one reload each");
        }

        times.Sort();
        return times[Times / 2];
    }

    private static async Task HearAsync(RunningAgent agent, ChannelWriter<long> heard, TaskCompletionSource listening, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var one in agent.Engine.Client.WatchEventsAsync("daemon", listening, cancellationToken))
            {
                if (one.Action == "reload")
                {
                    heard.TryWrite(Stopwatch.GetTimestamp());
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Measured.
        }
    }
}
