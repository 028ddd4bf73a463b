using System.Diagnostics;
using System.Globalization;
using Portcullis.Testing;

namespace Portcullis.Tools.Mutants;

/// <summary>
/// How good the tests of Core are: faults are made in its source, one at a time, and some test has to fail for each. All faults are compiled into
/// one assembly, each behind a switch; a first run of the tests finds out which test comes by which fault.
/// </summary>
internal static class MutantsCommand
{
    public static int Run(string[] files)
    {
        var accepted = AcceptedSurvivors.Read(RepositoryFolder.Combine("tests", "Portcullis.Tools", "Mutants", "accepted-survivors.txt"));
        var folder = RepositoryFolder.Combine("artifacts", "mutants");
        CopyProgram(AppContext.BaseDirectory, folder);
        var core = new CoreCompilation(CompilerArguments.Of(RepositoryFolder.Combine("src", "Portcullis.Core", "Portcullis.Core.csproj")));
        var mutants = new MutatedAssembly(core, RepositoryFolder.Path, files).Write(Path.Combine(folder, "Portcullis.Core.dll"));
        Console.Error.WriteLine($"{mutants.Count} mutants compiled");

        var program = Path.Combine(folder, "Portcullis.Tools.dll");
        var map = Path.Combine(folder, "coverage.json");
        Probe(program, mutants.Max(m => m.Id), map);
        var coverage = CoverageMap.Read(map);
        Console.Error.WriteLine($"{coverage.Tests.Count} tests in {coverage.Seconds.Sum():F0} s come by {coverage.TestsOfMutant.Count} of them");
        var fates = MutantRun.Run(program, mutants, coverage);
        return MutantReport.Print(fates, accepted, files, Console.Out);
    }

    /// <summary>Below artifacts, where the tests find the repository above them.</summary>
    private static void CopyProgram(string from, string to)
    {
        if (Directory.Exists(to))
        {
            Directory.Delete(to, recursive: true);
        }

        // With the native libraries in its folders.
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static void Probe(string program, int mutants, string map)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { program, "mutants-worker", "probe", mutants.ToString(CultureInfo.InvariantCulture), map },
        })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException("the tests of Core could not be run");
        }
    }
}
