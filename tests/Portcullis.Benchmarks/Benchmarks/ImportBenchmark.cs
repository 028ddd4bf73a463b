using Portcullis.Benchmarks.Matching;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Scanning.Advisories;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>100,000 advisories, real ones and copies of them, imported from a zip archive; then the same archive again.</summary>
internal static class ImportBenchmark
{
    private const int Advisories = 100_000;

    public static Task<IReadOnlyList<Bar>> RunAsync() => Task.FromResult(Run());

    private static IReadOnlyList<Bar> Run()
    {
        if (SharedAdvisories.Folder() is not { } folder)
        {
            return [Bar.Missing("import", "../shared/data/osv is absent")];
        }

        using var files = new TemporaryFolder();
        var (zip, database) = (files.Path("all.zip"), files.Path("advisories.db"));
        var json = SharedAdvisories.WriteZip(zip, SharedAdvisories.Read(folder), Advisories);
        var first = Import(zip, database);
        var size = new FileInfo(database).Length;
        var again = Import(zip, database);
        return
        [
            Bar.AtMost("import: 100,000 advisories", first.TotalSeconds, 60, " s", $"the same again {again.TotalSeconds:0.#} s; peak memory {PeakMegabytes()} MB with all of this program"),
            Bar.AtMost("import: the database's size vs the JSON's", (double)size / json, 1 / 3.0, "x", $"{size / 1_000_000} MB of {json / 1_000_000} MB"),
        ];
    }

    private static TimeSpan Import(string zip, string database)
    {
        var started = TimeProvider.System.GetTimestamp();
        new AdvisoryImport(database, ImportLimits.Default).Run([zip], null, CancellationToken.None);
        return TimeProvider.System.GetElapsedTime(started);
    }

    private static string PeakMegabytes() =>
        File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] is { } kilobytes ? $"{int.Parse(kilobytes, null) / 1024}" : "?";
}
