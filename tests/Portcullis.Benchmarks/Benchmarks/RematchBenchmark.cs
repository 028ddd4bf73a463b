using System.Globalization;
using System.IO.Compression;
using System.Text;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Core.Components;
using Portcullis.Core.Scans;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Scanning.Advisories;
using Portcullis.Scanning.Store;
using Portcullis.Scans;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// 10,000 images of 300 components each, of 20,000 in all, are judged again when the vulnerability database is replaced: what the operator does but for the writes of
/// those results that changed. Once a package of every image changes, once one of every hundredth.
/// </summary>
internal static class RematchBenchmark
{
    private const int Images = 10_000;
    private const int ComponentsOfEach = 300;
    private const int Distinct = 20_000;

    /// <summary>So many packages are in every image, as those of a common base are.</summary>
    private const int Common = 100;
    private const int Processors = 2;
    private static readonly Distribution Debian = new("debian", "12");

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("bench-rematch-").FullName;
        try
        {
            return await RunAsync(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Bar>> RunAsync(string folder)
    {
        using var store = ComponentStore.Open(Path.Combine(folder, "components.db"));
        Fill(store);
        var database = Path.Combine(folder, "advisories.db");
        Import(folder, database, "first", Enumerable.Range(0, Distinct).Where(p => p % 4 == 0).Select(p => (Package: p, Number: 0)));
        var advisories = new Advisories(new ScanOptions { Advisories = database });
        var known = await JudgeAsync(store, advisories, [.. store.Images().Select(i => i.Key)], []);
        var (all, allChanged) = await ReplaceAsync(folder, database, "common", Enumerable.Range(0, 20).Select(p => (p, 1)), store, advisories, known);
        var (few, fewChanged) = await ReplaceAsync(folder, database, "rare", [(Common + 7, 2)], store, advisories, known);
        return
        [
            Bar.AtMost("rematch: a package of each of 10,000 images", all.TotalSeconds, 5, " s", $"{BenchmarkRun.Number(allChanged)} results changed"),
            Bar.AtMost("rematch: a package of few of 10,000 images", few.TotalSeconds, 1, " s", $"{BenchmarkRun.Number(fewChanged)} results changed"),
        ];
    }

    /// <summary>How long the replacement takes until every image that it may concern is judged, and how many results changed.</summary>
    private static async Task<(TimeSpan Time, int Changed)> ReplaceAsync(
        string folder, string database, string name, IEnumerable<(int Package, int Number)> added, ComponentStore store, Advisories advisories, Dictionary<string, ImageScanStatus> known)
    {
        Import(folder, database, name, added);
        var started = TimeProvider.System.GetTimestamp();
        var (index, mayDiffer) = advisories.Refresh() ?? throw new InvalidOperationException("the database was not replaced");
        advisories.Replace(index, mayDiffer);
        var judged = await JudgeAsync(store, advisories, [.. store.ImagesWith(mayDiffer)], known);
        var time = TimeProvider.System.GetElapsedTime(started);
        var changed = judged.Count(j => !ImageScanJudge.SaysTheSame(j.Value, known[j.Key]));
        foreach (var (digest, status) in judged)
        {
            known[digest] = status;
        }

        return (time, changed);
    }

    /// <summary>As the reconciler of ImageScans judges, by as many workers as there are processors.</summary>
    private static async Task<Dictionary<string, ImageScanStatus>> JudgeAsync(ComponentStore store, Advisories advisories, IReadOnlyList<string> digests, Dictionary<string, ImageScanStatus> known)
    {
        var judged = new ImageScanStatus[digests.Count];
        var now = TimeProvider.System.GetUtcNow();
        await Parallel.ForEachAsync(Enumerable.Range(0, digests.Count), new ParallelOptions { MaxDegreeOfParallelism = Processors }, (i, _) =>
        {
            var matches = advisories.Current!;
            var seen = new ImageScanObservation { ScannerVersion = ScannerVersion.Current, Inventories = [store.Image(digests[i])!], DatabaseDate = matches.Date };
            var scan = new ImageScan { Metadata = new ObjectMeta { Name = "x" }, Spec = new ImageScanSpec { Registry = "r", Repository = "a/b", Digest = digests[i] }, Status = known.GetValueOrDefault(digests[i]) };
            judged[i] = ImageScanJudge.Judge(scan, seen with { Result = ImageResult.Of(seen.Inventories, matches, f => FindingOverrides.Apply(f, [], now)) }, now).Status;
            return ValueTask.CompletedTask;
        });
        return digests.Zip(judged).ToDictionary(j => j.First, j => j.Second, StringComparer.Ordinal);
    }

    private static void Fill(ComponentStore store)
    {
        var random = new Random(1);
        var all = Enumerable.Range(0, Distinct).Select(i => new Component { Format = PackageFormat.Deb, Name = NameOf(i), Version = "1.2-3", Architecture = "amd64", License = "MIT" }).ToList();
        store.AddAll(Enumerable.Range(0, Images).Select(i => KeyValuePair.Create(
            string.Create(CultureInfo.InvariantCulture, $"sha256:{i:x64}"),
            new ImageInventory
            {
                Layers = ["sha256:" + new string('a', 64)],
                Distribution = Debian,
                Components = [.. all.Take(Common).Concat(Enumerable.Range(0, ComponentsOfEach - Common).Select(_ => all[random.Next(Common, Distinct)]).Distinct()).Select(c => new LocatedComponent(c, 0, []))],
            })));
    }

    private static string NameOf(int package) => string.Create(CultureInfo.InvariantCulture, $"package-{package:00000}");

    private static void Import(string folder, string database, string name, IEnumerable<(int Package, int Number)> advisories)
    {
        var path = Path.Combine(folder, name + ".zip");
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            foreach (var (package, number) in advisories)
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"DSA-{package}-{number}");
                using var entry = zip.CreateEntry(id + ".json").Open();
                entry.Write(Encoding.UTF8.GetBytes($$"""
                    {
                      "id": "{{id}}", "modified": "2026-01-0{{number + 1}}T00:00:00Z", "summary": "A vulnerability of {{NameOf(package)}}",
                      "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}],
                      "affected": [{"package": {"ecosystem": "Debian:12", "name": "{{NameOf(package)}}"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2-4"}]}]}]
                    }
                    """));
            }
        }

        _ = new AdvisoryImport(database, ImportLimits.Default).Run([path], null, CancellationToken.None);
    }
}
