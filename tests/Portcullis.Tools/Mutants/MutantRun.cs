using System.Collections.Concurrent;
using System.Diagnostics;

namespace Portcullis.Tools.Mutants;

/// <summary>Lets the tests loose on every mutant, as many at once as there are processors.</summary>
internal static class MutantRun
{
    /// <summary>The first answer of a worker includes its start.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static IReadOnlyDictionary<Mutant, MutantFate> Run(string program, IReadOnlyList<Mutant> mutants, CoverageMap coverage)
    {
        var fates = new ConcurrentDictionary<Mutant, MutantFate>();
        var todo = new ConcurrentQueue<Mutant>();
        foreach (var mutant in mutants)
        {
            if (coverage.OrderedFor(mutant.Id).Count == 0)
            {
                fates[mutant] = MutantFate.NotCovered;
            }
            else
            {
                todo.Enqueue(mutant);
            }
        }

        var watch = Stopwatch.StartNew();
        var workers = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Factory.StartNew(
            () =>
            {
                using var worker = new WorkerProcess(program);
                while (todo.TryDequeue(out var mutant))
                {
                    var tests = coverage.OrderedFor(mutant.Id);
                    var limit = Patience + TimeSpan.FromSeconds(10 * tests.Sum(t => coverage.Seconds[t]));
                    fates[mutant] = worker.Kills(mutant.Id, tests, limit, coverage.OnlyAtStart.Contains(mutant.Id)) ? MutantFate.Killed : MutantFate.Survived;
                    if (fates.Count % 100 == 0)
                    {
                        Console.Error.WriteLine($"{fates.Count} of {mutants.Count} mutants, {watch.Elapsed:m\\:ss}");
                    }
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        Task.WaitAll(workers);
        return fates;
    }
}
