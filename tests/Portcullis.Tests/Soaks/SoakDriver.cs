using System.Collections.Concurrent;
using Portcullis.Kubernetes.Client;
using Portcullis.Testing;

namespace Portcullis.Tests.Soaks;

/// <summary>
/// What every soak does: deeds by chance, by several hands at once, and afterwards two questions: does the world come to be as declared, and
/// does it then come to rest? What is done is decided by the seed alone; how it falls together in time is not.
/// </summary>
/// <param name="seed">Stands in every message, so that the run can be made again.</param>
/// <param name="describe">What else whoever must understand a failure should read.</param>
internal sealed class SoakDriver(int seed, Func<string>? describe = null)
{
    private const int Told = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _done = new();

    public Random Random { get; } = new(seed);

    public void Note(string what) => _done.Enqueue($"{TimeProvider.System.GetUtcNow():ss.fff} {what}");

    /// <summary>So many deeds, by so many hands, each of which pauses for a moment of chance before each.</summary>
    public async Task RunAsync(int deeds, int hands, int longestPause, Func<Deed> choose)
    {
        var all = new ConcurrentQueue<(Deed Deed, int Pause)>(Enumerable.Range(0, deeds).Select(_ => (choose(), Random.Next(longestPause))).ToList());
        await Task.WhenAll(Enumerable.Range(0, hands).Select(async _ =>
        {
            while (all.TryDequeue(out var next))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(next.Pause), TimeProvider.System);
                await DoAsync(next.Deed);
            }
        }));
    }

    public async Task DoAsync(Deed deed)
    {
        var end = "";
        try
        {
            await deed.DoAsync();
        }
        catch (KubernetesApiException e)
        {
            // Somebody else was faster; the world counts, not the wish.
            end = $" ({(int)e.StatusCode} {e.Reason})";
        }
        catch (Exception e) when (e is not ResultStateException)
        {
            Fail($"{deed.What}: {e}", []);
        }

        Note(deed.What + end);
    }

    /// <summary>The world comes to be as declared.</summary>
    /// <param name="when">For the message.</param>
    /// <param name="findDifferences">Looks at the world and says how it differs.</param>
    public async Task ConvergesAsync(string when, Func<Task<IReadOnlyList<string>>> findDifferences)
    {
        IReadOnlyList<string> differences = [];
        var started = TimeProvider.System.GetTimestamp();
        if (!await Eventually.ComesAsync(async () => (differences = await findDifferences()).Count == 0, Patience))
        {
            Fail($"not as declared within {Patience.TotalSeconds:0} s {when}", differences);
        }

        await TestContext.Progress.WriteLineAsync($"seed {seed}: as declared {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s {when}");
    }

    /// <summary>
    /// Then nothing changes any more. A watch that the faults had broken may still pause before it comes back (20 s at the longest), and what it
    /// does not show is written again until then: so there are rounds, and who never comes to rest fails.
    /// </summary>
    /// <param name="findChanges">Looks on for one round and says what changed in it.</param>
    public async Task RestsAsync(Func<Task<IReadOnlyList<string>>> findChanges)
    {
        IReadOnlyList<string> changes = [];
        if (!await Eventually.ComesAsync(async () => (changes = await findChanges()).Count == 0, Patience))
        {
            Fail("no rest although everything is as declared", changes);
        }
    }

    public void Fail(string what, IReadOnlyList<string> findings) => Assert.Fail(
        $"Seed {seed}: {what}{string.Concat(findings.Select(f => "\n  " + f))}\nDone last:\n  {string.Join("\n  ", _done.TakeLast(Told))}\n{describe?.Invoke()}");
}
