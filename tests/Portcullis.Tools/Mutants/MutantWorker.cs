using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Portcullis.Core;

namespace Portcullis.Tools.Mutants;

/// <summary>
/// A process that has the mutated assembly in place of the right one. <c>probe FILE</c> writes what covers what; <c>serve</c> reads lines
/// <c>MUTANT TEST,TEST,…</c> and answers each with the test that failed, or with <c>-</c>.
/// </summary>
internal static class MutantWorker
{
    private static readonly Assembly Core = typeof(WellKnown).Assembly;
    private static readonly FieldInfo Active = Core.GetType(MutantSwitch.TypeName, throwOnError: true)!.GetField("Active")!;
    private static readonly FieldInfo Seen = Core.GetType(MutantSwitch.TypeName, throwOnError: true)!.GetField("Seen")!;

    public static int Run(string[] options)
    {
        var answers = Console.Out;

        // Tests may write what they like: only answers go to standard output.
        Console.SetOut(TextWriter.Null);
        switch (options)
        {
            case ["probe", var mutants, var path]:
                Probe(int.Parse(mutants, CultureInfo.InvariantCulture)).Write(path);
                return 0;
            case ["serve"]:
                Start(new bool[1]);
                Serve(Load(), answers);
                return 0;
            case ["serve", "fresh"]:
                Serve(null, answers);
                return 0;
            default:
                return 2;
        }
    }

    private static CoreTests Load() => new(Assembly.Load("Portcullis.Core.Tests"));

    /// <summary>Runs all tests twice: what is only come by in the first round happens once in a process.</summary>
    private static CoverageMap Probe(int mutants)
    {
        var seen = new bool[mutants + 1];
        Seen.SetValue(null, seen);
        Start(seen);
        var tests = Load();
        var failed = new List<string>();
        tests.Run(Enumerable.Range(0, tests.Count), (test, _, good) => Note(good, tests.NameOf(test), failed));
        var first = (bool[])seen.Clone();
        Array.Clear(seen);
        var seconds = new double[tests.Count];
        var covering = new Dictionary<int, List<int>>();
        tests.Run(Enumerable.Range(0, tests.Count), (test, took, good) =>
        {
            Note(good, tests.NameOf(test), failed);
            seconds[test] = took;
            for (var id = 1; id <= mutants; id++)
            {
                if (seen[id])
                {
                    (covering.TryGetValue(id, out var list) ? list : covering[id] = []).Add(test);
                }
            }

            Array.Clear(seen);
        });
        if (failed.Count > 0)
        {
            throw new InvalidOperationException("tests fail without any mutant: " + string.Join(", ", failed));
        }

        return new CoverageMap(
            [.. Enumerable.Range(0, tests.Count).Select(tests.NameOf)],
            seconds,
            covering.ToDictionary(c => c.Key, c => (IReadOnlyList<int>)c.Value),
            [.. Enumerable.Range(1, mutants).Where(id => first[id] && !covering.ContainsKey(id))]);
    }

    private static void Note(bool good, string name, List<string> failed)
    {
        if (!good)
        {
            failed.Add(name);
        }
    }

    /// <summary>Static data are made before any mutant is at work, so that no mutant lasts longer than its turn.</summary>
    private static void Start(bool[] seen)
    {
        foreach (var type in Core.GetTypes().Where(t => !t.ContainsGenericParameters))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        _ = seen;
    }

    private static void Serve(CoreTests? tests, TextWriter answers)
    {
        while (Console.In.ReadLine() is { } line)
        {
            var parts = line.Split(' ');
            Active.SetValue(null, int.Parse(parts[0], CultureInfo.InvariantCulture));
            tests ??= Load();
            var killer = Kill(tests, [.. parts[1].Split(',').Select(t => int.Parse(t, CultureInfo.InvariantCulture))]);
            Active.SetValue(null, 0);
            answers.WriteLine(killer is { } test ? test.ToString(CultureInfo.InvariantCulture) : "-");
            answers.Flush();
        }
    }

    /// <summary>In steps, the quickest tests first: NUnit runs those of one step in its own order.</summary>
    private static int? Kill(CoreTests tests, IReadOnlyList<int> ordered)
    {
        int? killer = null;
        for (var (from, size) = (0, 8); from < ordered.Count && killer is null; from += size, size *= 4)
        {
            tests.Run(ordered.Skip(from).Take(size), (test, _, good) => killer ??= good ? null : test);
        }

        return killer;
    }
}
