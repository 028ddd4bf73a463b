using Portcullis.EndToEnd.Clusters;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;

namespace Portcullis.EndToEnd.Operator;

/// <summary>A write of the undisturbed run: the nth of its name.</summary>
internal sealed record CrashPoint(string Write, int Nth)
{
    public override string ToString() => $"{Write} #{Nth}";
}

/// <summary>The run that nobody disturbs: which writes it makes and what it leaves behind, chapter by chapter.</summary>
internal sealed record CrashReference(IReadOnlyDictionary<Chapter, string> Ends, IReadOnlyDictionary<Chapter, IReadOnlyList<CrashPoint>> Points)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    private static readonly Lazy<Task<CrashReference>> Once = new(RecordAsync);

    public static Task<CrashReference> GetAsync() => Once.Value;

    private static async Task<CrashReference> RecordAsync()
    {
        await using var world = await OperatorWorld.StartAsync();
        var ends = new Dictionary<Chapter, string>();
        var points = new Dictionary<Chapter, IReadOnlyList<CrashPoint>>();
        await CrashStory.BeginAsync(world);
        await using var program = CrashStory.Start(world);
        foreach (var chapter in Enum.GetValues<Chapter>())
        {
            if (chapter == Chapter.Changing)
            {
                world.Proxy.Faults.Reset();
                CrashStory.Change(world);
            }

            await SettledAsync(world, program);
            ends[chapter] = await WorldPicture.TakeAsync(world);
            points[chapter] =
            [
                .. world.Proxy.Faults.Seen.Where(CrashStory.IsPoint).Select(r => CrashStory.NameOf(r, world))
                    .GroupBy(n => n, StringComparer.Ordinal).SelectMany(g => g.Select((name, i) => new CrashPoint(name, i + 1))),
            ];
        }

        return new CrashReference(ends, points);
    }

    /// <summary>At the newest commit, everything Ready, and no write for a while.</summary>
    private static async Task SettledAsync(OperatorWorld world, PortcullisProcess program)
    {
        var writes = -1;
        var since = TimeProvider.System.GetTimestamp();
        var commit = $"lastAppliedCommit: \"<commit {world.Commits.Count - 1}>\"";
        _ = await Eventually.GetsAsync(
            async () =>
            {
                var now = world.Proxy.Faults.Count(CrashStory.IsPoint);
                if (now != writes)
                {
                    (writes, since) = (now, TimeProvider.System.GetTimestamp());
                }

                var isQuiet = TimeProvider.System.GetElapsedTime(since) > Quiet && await WorldPicture.IsReadyAsync(world.Cluster, world.Mark);
                return $"{(isQuiet ? "quiet" : "busy")}\n{await WorldPicture.TakeAsync(world)}\n{program.Output}{program.Error}";
            },
            picture => picture.StartsWith("quiet", StringComparison.Ordinal) && picture.Contains(commit, StringComparison.Ordinal),
            TimeSpan.FromSeconds(90));
    }
}
