using System.Collections.Concurrent;
using Portcullis.EndToEnd.Clusters;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Faults;

namespace Portcullis.EndToEnd.Operator;

/// <summary>
/// The operator, with the rights of config/ and no others, is killed at a write, before the server sees it or after it has done it, and
/// started again: the end is the same, object by object, as without a crash. A sample in ./test, every write in ./test --faults.
/// </summary>
[TestFixture]
[NonParallelizable]
internal sealed class CrashPointTests
{
    private const int SampleSize = 3;
    private const int LongestMilliseconds = 40 * 60_000;

    // The deadline of one point is fifty times what it takes alone, so two beside each other do not make it meaningless.
    private static readonly int AtOnce = TestCluster.IsNamed ? 1 : 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [TestCase(Chapter.Making, KillMoment.BeforeForward)]
    [TestCase(Chapter.Making, KillMoment.AfterForward)]
    [TestCase(Chapter.Changing, KillMoment.BeforeForward)]
    [TestCase(Chapter.Changing, KillMoment.AfterForward)]
    [CancelAfter(LongestMilliseconds)]
    public async Task A_kill_at_any_write_changes_nothing_in_the_end(Chapter chapter, KillMoment moment)
    {
        var reference = await CrashReference.GetAsync();
        var points = reference.Points[chapter];
        var tried = CrashPoints.AreAll ? points : CrashPoints.Sample(points, SampleSize);
        var unreached = new ConcurrentBag<CrashPoint>();
        await CrashPoints.TryEachAsync(tried, AtOnce, async point =>
        {
            if (!await KillAsync(reference, chapter, point, moment))
            {
                unreached.Add(point);
            }
        });
        await TestContext.Out.WriteLineAsync($"{tried.Count} of {points.Count} writes; not reached: {string.Join(", ", unreached)}");
        Assert.That(unreached.Where(p => IsInEveryRun(p, points)), Is.Empty, "every run makes these writes");
    }

    /// <summary>Which Events are counted up differs, and what a commit both changes and removes (a binding in a collection that goes) may be removed first.</summary>
    private static bool IsInEveryRun(CrashPoint point, IReadOnlyList<CrashPoint> points) =>
        point.Nth == 1
        && !point.Write.Contains("/events", StringComparison.Ordinal)
        && !(point.Write.StartsWith("PATCH ", StringComparison.Ordinal) && points.Any(p => p.Write == $"DELETE {point.Write["PATCH ".Length..]}"));

    /// <summary>False when the program came to its end without this write.</summary>
    private static async Task<bool> KillAsync(CrashReference reference, Chapter chapter, CrashPoint point, KillMoment moment)
    {
        await using var world = await OperatorWorld.StartAsync();
        await CrashStory.BeginAsync(world);
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        PortcullisProcess? first = null;
        void Arm() => world.Proxy.Faults.KillAt(r => CrashStory.IsPoint(r) && CrashStory.NameOf(r, world) == point.Write, point.Nth, moment, () =>
        {
            first!.Kill();
            killed.SetResult();
        });
        if (chapter == Chapter.Making)
        {
            Arm();
        }

        await using (first = CrashStory.Start(world))
        {
            if (chapter == Chapter.Changing)
            {
                await EndsAsync(world, reference.Ends[Chapter.Making], killed.Task);
                Arm();
                CrashStory.Change(world);
            }

            await EndsAsync(world, reference.Ends[chapter], killed.Task);
            if (!killed.Task.IsCompleted)
            {
                return false;
            }
        }

        await using var second = CrashStory.Start(world);
        await EndsAsync(world, reference.Ends[chapter], Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None));
        return true;
    }

    /// <summary>Until the cluster looks as after an undisturbed run, or until it is enough.</summary>
    private static async Task EndsAsync(OperatorWorld world, string expected, Task enough)
    {
        var picture = "";
        if (!await Eventually.ComesAsync(
            async () => enough.IsCompleted || (picture = await WorldPicture.TakeAsync(world)) == expected, Patience, pause: TimeSpan.FromMilliseconds(100)))
        {
            var (wanted, present) = (expected.Split('\n'), picture.Split('\n'));
            throw new TimeoutException($"the end differs:\n{string.Join('\n', wanted.Except(present).Select(l => "- " + l).Concat(present.Except(wanted).Select(l => "+ " + l)).Take(12))}");
        }
    }
}
