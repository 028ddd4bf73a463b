using System.Collections.Concurrent;

namespace Portcullis.EndToEnd.Programs;

/// <summary>Which of the crash points are tried, and how: all of them, whatever becomes of one.</summary>
internal static class CrashPoints
{
    /// <summary>In ./test --faults.</summary>
    public static bool AreAll => Environment.GetEnvironmentVariable("PORTCULLIS_TEST_FAULTS") == "all";

    /// <summary>So many, evenly over the whole run.</summary>
    public static IReadOnlyList<T> Sample<T>(IReadOnlyList<T> points, int size) =>
        [.. Enumerable.Range(0, size).Select(i => points[((2 * i) + 1) * points.Count / (2 * size)]).Distinct()];

    public static async Task TryEachAsync<T>(IReadOnlyList<T> points, int atOnce, Func<T, Task> attempt)
    {
        var failures = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(points, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (point, _) =>
        {
            try
            {
                await attempt(point);
            }
#pragma warning disable CA1031 // every point is tried; what went wrong is told at the end
            catch (Exception e)
#pragma warning restore CA1031
            {
                failures.Add($"{point}: {e.Message}");
            }
        });
        Assert.That(failures, Is.Empty, $"{failures.Count} of {points.Count} points failed");
    }
}
