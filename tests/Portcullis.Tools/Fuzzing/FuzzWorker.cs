using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Portcullis.Tools.Fuzzing;

/// <summary>
/// A process that runs one target on instrumented code: <c>TARGET SECONDS SEED CORPUS SCRATCH</c>. Ends with 0, or with 1 when an input threw, took too long or
/// too much memory; the input is then in <c>SCRATCH/current</c>. What found new branches is in <c>SCRATCH/queue</c>.
/// </summary>
internal static class FuzzWorker
{
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(2);
    private const long TooMuch = 400L * 1024 * 1024;

    public static int Run(string[] options)
    {
        var (name, seconds, seed, folder, scratch) = (options[0], int.Parse(options[1], CultureInfo.InvariantCulture), int.Parse(options[2], CultureInfo.InvariantCulture), options[3], options[4]);
        var map = new BranchMap();
        map.Use();
        using var current = new CurrentInput(Path.Combine(scratch, "current"));
        var run = new FuzzRun(FuzzTargets.Find(name), map, current, scratch);
        var corpus = Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        var words = corpus.SelectMany(Words).DistinctBy(Encoding.Latin1.GetString).ToList();

        // A stack of the usual size for a server's threads: what overflows here overflows there.
        var code = 0;
        var thread = new Thread(() => code = run.Go(corpus, new Mutator(new Random(seed), words), TimeSpan.FromSeconds(seconds)), 1536 * 1024);
        thread.Start();
        while (!thread.Join(TimeSpan.FromSeconds(1)))
        {
            if (run.HasHung)
            {
                Console.WriteLine($"{name}: an input has not ended");
                Environment.Exit(1);
            }
        }

        return code;
    }

    private static IEnumerable<byte[]> Words(byte[] text) => Encoding.Latin1.GetString(text)
        .Split([.. " \n\r\t,;{}[]()\"'"], StringSplitOptions.RemoveEmptyEntries)
        .Where(w => w.Length <= 40).Append("\n").Append(" ").Append("  ").Select(Encoding.Latin1.GetBytes);

    private sealed class FuzzRun(Action<byte[]> target, BranchMap map, CurrentInput current, string scratch)
    {
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private long _startedAt = long.MaxValue;
        private long _inputs;

        public bool HasHung => _clock.ElapsedMilliseconds - Interlocked.Read(ref _startedAt) > 30_000;

        public int Go(List<byte[]> corpus, Mutator mutator, TimeSpan time)
        {
            Directory.CreateDirectory(Path.Combine(scratch, "queue"));
            foreach (var seed in corpus.ToList())
            {
                if (!Try(seed))
                {
                    return 1;
                }

                map.TakeNew();
            }

            while (_clock.Elapsed < time)
            {
                var input = mutator.Next(corpus);
                if (!Try(input))
                {
                    return 1;
                }

                if (map.TakeNew())
                {
                    File.WriteAllBytes(Path.Combine(scratch, "queue", corpus.Count.ToString("D5", CultureInfo.InvariantCulture)), input);
                    corpus.Add(input);
                }
            }

            Console.WriteLine($"{_inputs} inputs, {corpus.Count} kept, {map.Branches} branches");
            return 0;
        }

        /// <summary>An input that took too long gets a second chance: the code may have been compiled meanwhile.</summary>
        private bool Try(byte[] input) => RunOnce(input) is not { } first || (first.MayPass && RunOnce(input) is null) || Fail(first.Words);

        private (string Words, bool MayPass)? RunOnce(byte[] input)
        {
            current.Write(input);
            map.Clear();
            _inputs++;
            var started = Environment.CpuUsage.TotalTime;
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            Interlocked.Exchange(ref _startedAt, _clock.ElapsedMilliseconds);
            try
            {
                target(input);
            }
            catch (Exception e)
            {
                return (e.ToString(), false);
            }
            finally
            {
                Interlocked.Exchange(ref _startedAt, long.MaxValue);
            }

            var took = Environment.CpuUsage.TotalTime - started;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            return allocated > TooMuch ? ($"{allocated} bytes allocated", false)
                : took > TooLong ? ($"took {took.TotalSeconds:0.0} s", true)
                : null;
        }

        private static bool Fail(string words)
        {
            Console.WriteLine(words);
            return false;
        }
    }
}
