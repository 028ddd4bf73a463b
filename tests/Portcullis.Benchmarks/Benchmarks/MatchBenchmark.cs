using Portcullis.Benchmarks.Matching;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Core.Components;
using Portcullis.Scanning.Advisories;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// The vulnerabilities of the components of an image, found in a database of real advisories, and in one of ten times as many. Each round opens the database anew, so that nothing
/// is remembered of the round before.
/// </summary>
internal static class MatchBenchmark
{
    private const int Rounds = 15;

    public static Task<IReadOnlyList<Bar>> RunAsync() => Task.FromResult(Run());

    private static IReadOnlyList<Bar> Run()
    {
        if (SharedAdvisories.Folder() is not { } folder)
        {
            return [Bar.Missing("match", "../shared/data/osv is absent")];
        }

        using var files = new TemporaryFolder();
        var advisories = SharedAdvisories.Read(folder);
        var database = Import(files, advisories, advisories.Count);
        var large = Import(files, advisories, advisories.Count * 10);
        var (few, many) = (SampleComponents.Of(advisories, 1000), SampleComponents.Of(advisories, 20_000));
        Samples small = new(), big = new(), bigLarge = new(), remembered = new(), opening = new();
        var findings = 0;
        for (var round = 0; round < Rounds; round++)
        {
            small.Add(Match(database, few, out _, out _));
            big.Add(Match(database, many, out findings, out var again));
            remembered.Add(again);
            bigLarge.Add(Match(large, many, out _, out _));
            opening.Add(Open(large));
        }

        return
        [
            Bar.AtMost("match: 1,000 components", small.Median, 5, " ms", small.Text()),
            Bar.AtMost("match: 20,000 components", big.Median, 70, " ms", $"{big.Text()}, {findings} findings; once more {remembered.Text()}"),
            Bar.AtMost($"match: 20,000 components, {advisories.Count * 10:N0} advisories vs {advisories.Count:N0}", bigLarge.Median / big.Median, 1.2, "x", $"{bigLarge.Text()} against {big.Text()}"),
            Bar.AtMost("match: opening the larger database", opening.Median, 50, " ms", opening.Text()),
            .. TrivyPeer.Compare(files, database, advisories, few, many),
        ];
    }

    private static string Import(TemporaryFolder files, IReadOnlyList<System.Text.Json.Nodes.JsonObject> advisories, int count)
    {
        var (zip, database) = (files.Path($"{count}.zip"), files.Path($"{count}.db"));
        SharedAdvisories.WriteZip(zip, advisories, count);
        new AdvisoryImport(database, ImportLimits.Default).Run([zip], null, CancellationToken.None);
        return database;
    }

    private static TimeSpan Match(string path, IReadOnlyList<Component> components, out int findings, out TimeSpan again)
    {
        using var database = AdvisoryDatabase.Open(path);
        var started = TimeProvider.System.GetTimestamp();
        findings = components.Sum(c => database.FindingsOf(c, null).Count);
        var first = TimeProvider.System.GetElapsedTime(started);
        started = TimeProvider.System.GetTimestamp();
        findings = components.Sum(c => database.FindingsOf(c, null).Count);
        again = TimeProvider.System.GetElapsedTime(started);
        return first;
    }

    private static TimeSpan Open(string path)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var database = AdvisoryDatabase.Open(path);
        return TimeProvider.System.GetElapsedTime(started);
    }
}
