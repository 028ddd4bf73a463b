using System.Collections.Concurrent;
using System.Globalization;
using Portcullis.EndToEnd.Clusters;
using Portcullis.EndToEnd.Operator;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing.Engines;
using Portcullis.Testing.Faults;

namespace Portcullis.EndToEnd.Agent;

/// <summary>
/// The agent is killed when it has made, renamed or removed a file, and before and after each of its writes to the API: started again,
/// it brings a real dockerd to the file asked for, and leaves nothing of a half-done write. A sample in ./test, all in ./test --faults.
/// </summary>
[TestFixture]
[NonParallelizable]
internal sealed class AgentCrashPointTests
{
    private const int SampleSize = 3;
    private const int LongestMilliseconds = 30 * 60_000;
    private const int AtOnce = 2;
    private static readonly Task Never = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
    private OperatorWorld _world = null!;
    private PortcullisProcess _operator = null!;
    private int _sites;

    [OneTimeSetUp]
    public async Task StartOperatorAsync()
    {
        if (DockerEngine.Missing is { } reason)
        {
            Assert.Ignore(reason);
        }

        _world = await OperatorWorld.StartAsync();
        _world.Git.Write("org.yaml", Manifests.Organization($"acme-{_world.Mark}", "web", "ann")); // a revision that declares nothing would prune nothing
        _world.Commit("No node is hardened");
        _operator = _world.StartOperator();
    }

    [OneTimeTearDown]
    public async Task StopOperatorAsync()
    {
        if (_world is not null)
        {
            await _operator.DisposeAsync();
            await _world.DisposeAsync();
        }
    }

    [Test]
    [CancelAfter(LongestMilliseconds)]
    public async Task A_kill_at_any_write_changes_nothing_in_the_end([Values] AgentChapter chapter)
    {
        var points = await PointsAsync(chapter);
        var tried = CrashPoints.AreAll ? points : CrashPoints.Sample(points, SampleSize);
        var unreached = new ConcurrentBag<AgentPoint>();
        await CrashPoints.TryEachAsync(tried, AtOnce, async point =>
        {
            if (!await KillAsync(chapter, point))
            {
                unreached.Add(point);
            }
        });
        await TestContext.Out.WriteLineAsync($"{tried.Count} of {points.Count} points; not reached: {string.Join(", ", unreached)}");
        Assert.That(unreached.Where(p => p.Nth == 1 && !p.Write.Contains("/events", StringComparison.Ordinal)), Is.Empty, "every run makes these writes; which Events are counted up differs");
    }

    /// <summary>Every write of an undisturbed run.</summary>
    private async Task<IReadOnlyList<AgentPoint>> PointsAsync(AgentChapter chapter)
    {
        await using var site = await NewSiteAsync();
        await using var agent = site.StartAgent();
        await PrepareAsync(site, chapter);
        var filesBefore = site.Files.Seen.Count;
        site.Proxy.Faults.Reset();
        AgentStory.Begin(site, chapter);
        await AgentStory.EndsAsync(site, chapter, Never);
        var requests = site.Proxy.Faults.Seen.Where(CrashStory.IsPoint).Select(NameOf).ToList();
        return
        [
            .. Numbered(site.Files.Seen.Skip(filesBefore)).Select(p => p with { Moment = null }),
            .. Numbered(requests).Select(p => p with { Moment = KillMoment.BeforeForward }),
            .. Numbered(requests).Select(p => p with { Moment = KillMoment.AfterForward }),
        ];
    }

    /// <summary>False when the agent came to its end without this write.</summary>
    private async Task<bool> KillAsync(AgentChapter chapter, AgentPoint point)
    {
        await using var site = await NewSiteAsync();
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var first = site.StartAgent())
        {
            await PrepareAsync(site, chapter);
            Arm(site, point, () =>
            {
                first.Kill();
                killed.TrySetResult();
            });
            AgentStory.Begin(site, chapter);
            if (await AgentStory.EndsAsync(site, chapter, killed.Task))
            {
                return false;
            }
        }

        await using var second = site.StartAgent();
        await AgentStory.EndsAsync(site, chapter, Never);
        return true;
    }

    /// <summary>The agent has seen its node and reported; what is to be removed is there.</summary>
    private static async Task PrepareAsync(AgentSite site, AgentChapter chapter)
    {
        if (chapter == AgentChapter.Removing)
        {
            AgentStory.Begin(site, AgentChapter.Restarting);
            await AgentStory.EndsAsync(site, AgentChapter.Restarting, Never);
        }
        else
        {
            await site.ReportedAsync();
        }
    }

    private static void Arm(AgentSite site, AgentPoint point, Action kill)
    {
        if (point.Moment is { } moment)
        {
            site.Proxy.Faults.KillAt(r => CrashStory.IsPoint(r) && NameOf(r) == point.Write, point.Nth, moment, kill);
            return;
        }

        var left = point.Nth;
        site.Files.Written += write =>
        {
            if (write == point.Write && Interlocked.Decrement(ref left) == 0)
            {
                kill();
            }
        };
    }

    private async Task<AgentSite> NewSiteAsync() =>
        await AgentSite.StartAsync(_world, $"n{Interlocked.Increment(ref _sites).ToString(CultureInfo.InvariantCulture)}");

    /// <summary>Without the names of nodes and Events, which differ.</summary>
    private static string NameOf(SeenRequest request)
    {
        var parts = request.Path.Split('/');
        return $"{request.Method} {string.Join('/', parts.Select((p, i) => i > 0 && parts[i - 1] is "nodereports" or "events" ? "*" : p))}";
    }

    private static IEnumerable<AgentPoint> Numbered(IEnumerable<string> writes) =>
        writes.GroupBy(w => w, StringComparer.Ordinal).SelectMany(g => g.Select((w, i) => new AgentPoint(w, i + 1, null)));

    /// <summary>The nth write of its name; without a moment a file's, seen when it has happened.</summary>
    private sealed record AgentPoint(string Write, int Nth, KillMoment? Moment)
    {
        public override string ToString() => $"{Write} #{Nth} {Moment}";
    }
}
