using System.Diagnostics;
using System.Globalization;
using Portcullis.Testing;
using SharpFuzz;

namespace Portcullis.Tools.Fuzzing;

/// <summary>
/// <c>fuzz [TARGET ...] [--seconds N] [--seed N]</c>: runs each target on a copy of the product's assemblies that SharpFuzz has instrumented, one after the other.
/// A failing input is kept in <c>artifacts/fuzz/TARGET/current</c>; the seeds are in <c>Fuzzing/Corpus</c>.
/// </summary>
internal static class FuzzCommand
{
    private static readonly string[] Instrumented = ["Portcullis.Objects", "Portcullis.Schemas", "Portcullis.Core", "Portcullis.Http", "Portcullis.Clients", "Portcullis.Scanning", "Portcullis.ApiServer", "portcullis"];

    public static int Run(string[] options)
    {
        var targets = options.TakeWhile(o => !o.StartsWith("--", StringComparison.Ordinal)).ToList();
        var seconds = Option(options, "--seconds") ?? 10;
        var seed = Option(options, "--seed") ?? 1;
        var scratch = RepositoryFolder.Combine("artifacts", "fuzz");
        var program = Instrument(Path.Combine(scratch, "program"));
        var failed = 0;
        var run = targets.Count > 0 ? targets : [.. FuzzTargets.Names];
        foreach (var target in run)
        {
            failed += Work(program, target, seconds, seed, Path.Combine(scratch, target)) == 0 ? 0 : 1;
        }

        Console.WriteLine($"{run.Count - failed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    private static int? Option(string[] options, string name) =>
        Array.IndexOf(options, name) is >= 0 and var at ? int.Parse(options[at + 1], CultureInfo.InvariantCulture) : null;

    /// <summary>Where the copy is.</summary>
    private static string Instrument(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        foreach (var name in Instrumented)
        {
            _ = Fuzzer.Instrument(Path.Combine(folder, name + ".dll"), _ => true, SharpFuzz.Options.Value).Count();
        }

        return folder;
    }

    private static int Work(string program, string target, int seconds, int seed, string scratch)
    {
        Directory.CreateDirectory(scratch);
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                Path.Combine(program, "Portcullis.Tools.dll"), "fuzz-worker", target, seconds.ToString(CultureInfo.InvariantCulture), seed.ToString(CultureInfo.InvariantCulture),
                RepositoryFolder.Combine("tests", "Portcullis.Tools", "Fuzzing", "Corpus", target), scratch,
            },
            Environment = { ["DOTNET_GCHeapHardLimit"] = "0x60000000" },
        };
        using var process = Process.Start(start)!;
        Console.WriteLine($"{target} for {seconds} s");
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            var input = CurrentInput.Read(Path.Combine(scratch, "current"));
            File.WriteAllBytes(Path.Combine(scratch, "failing"), input);
            Console.WriteLine($"{target} failed on an input of {input.Length} bytes: {Path.Combine(scratch, "failing")}");
        }

        return process.ExitCode;
    }
}
