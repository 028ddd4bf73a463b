using System.Globalization;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Trusting;
using Portcullis.Core.Signing;
using Portcullis.Signing;
using Portcullis.Testing.Notaries;
using Portcullis.Trust.Reading;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// Trust data read from a server: one name on a real notary-server against <c>notary lookup</c>, which does the same, and ten thousand names, whose files a
/// server replays.
/// </summary>
internal static class TrustReadBenchmark
{
    private const int Rounds = 15;
    private const int WarmUp = 200;
    private const int Names = 10_000;

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        if (NotaryServer.Missing is { } missing)
        {
            return [Bar.Missing("trust-read", missing)];
        }

        await using var names = await SignedNames.CreateAsync();
        return [.. await AgainstLookupAsync(names), .. await ManyAsync(names)];
    }

    private static async Task<IReadOnlyList<Bar>> AgainstLookupAsync(SignedNames names)
    {
        Samples startUp = new(), lookup = new(), cold = new(), unchanged = new(), bare = new();
        var (client, anchor) = (names.Server.Client(), names.AnchorOf(SignedNames.Gun));
        // Machine code is made, which takes more than one call, and the connections are there, as in a program that runs.
        for (var i = 0; i < WarmUp; i++)
        {
            var known = Reading(await new TrustReader(TimeProvider.System).ReadAsync(anchor, client, null, null, CancellationToken.None));
            Reading(await new TrustReader(TimeProvider.System).ReadAsync(anchor, client, known, null, CancellationToken.None));
            await client.GetAsync(SignedNames.Gun, Clients.Notary.MetadataName.Latest("timestamp"), 16 * 1024, CancellationToken.None);
        }

        for (var round = 0; round < Rounds; round++)
        {
            using var anew = new NotaryClientProgram(names.Server.Address);
            startUp.Add(await BenchmarkRun.TimeAsync(async () => (await anew.RunAsync("version")).Succeeded()));
            lookup.Add(await BenchmarkRun.TimeAsync(async () => (await anew.RunAsync("lookup", SignedNames.Gun, "7")).Succeeded()));

            // No key is ready, nothing is known.
            var reader = new TrustReader(TimeProvider.System);
            TrustReading? reading = null;
            cold.Add(await BenchmarkRun.TimeAsync(async () => reading = Reading(await reader.ReadAsync(anchor, client, null, null, CancellationToken.None))));
            unchanged.Add(await BenchmarkRun.TimeAsync(async () => Reading(await reader.ReadAsync(anchor, client, reading, null, CancellationToken.None))));
            bare.Add(await BenchmarkRun.TimeAsync(() => client.GetAsync(SignedNames.Gun, Clients.Notary.MetadataName.Latest("timestamp"), 16 * 1024, CancellationToken.None)));
        }

        var net = lookup.Median - startUp.Median;
        var behind = $"{cold.Text()}; notary lookup {lookup.Text()}, of which to start {startUp.Text()}";
        return
        [
            Bar.AtLeastOf("trust-read: one name, nothing known, against notary lookup without its start", net / cold.Median, 2, "x", behind),
            Bar.AtLeastOf("trust-read: one name, known and unchanged, against notary lookup without its start", net / unchanged.Median, 10, "x", unchanged.Text()),
            Bar.AtMost("trust-read: unchanged, against the bare request", unchanged.Median / bare.Median, 1.5, "x", bare.Text()),
        ];
    }

    private static async Task<IReadOnlyList<Bar>> ManyAsync(SignedNames names)
    {
        await using var replayed = await ReplayedNotary.StartAsync(await names.FilesAsync());
        var options = new TrustCacheOptions { AskAgainAfter = TimeSpan.FromHours(1), WaitAfter = TimeSpan.FromHours(1), FeedAfter = TimeSpan.FromHours(1) };
        var cache = new TrustCache(new TrustReader(TimeProvider.System).ReadAsync, new ChangeFeeds(options, TimeProvider.System), options, TimeProvider.System);
        await FindAsync(0, 10);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await FindAsync(0, Names / 2);
        var half = Megabytes(before);
        var time = await BenchmarkRun.TimeAsync(() => FindAsync(Names / 2, Names / 2));
        var whole = Megabytes(before);

        var last = names.AnchorOf($"{SignedNames.Prefix}{Names - 1}");
        var hot = await BenchmarkRun.TimeAsync(async () =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                await cache.FindAsync(last, replayed.Client, Freshness.Kept, CancellationToken.None);
            }
        });
        return
        [
            Bar.AtMost("trust-read: memory of 10,000 names against 5,000", whole / half, 1.2, "x", string.Create(CultureInfo.InvariantCulture, $"{whole:0.#} MB against {half:0.#} MB; {cache.Weight / 1024 / 1024} MiB of files are kept")),
            Bar.AtLeastOf("trust-read: names read and verified in a second", Names / 2 / time.TotalSeconds, 300, "", "by requests to a server in the same process"),
            Bar.AtMost("trust-read: an answer that is kept", hot.TotalMicroseconds / 100_000, 5, " µs"),
        ];

        Task FindAsync(int from, int count) => Parallel.ForAsync(from, from + count, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancel) =>
        {
            var anchor = names.AnchorOf($"{SignedNames.Prefix}{i}");
            if (await cache.FindAsync(anchor, replayed.Client, Freshness.Kept, cancel) is not TrustFinding.Verified { Trust.Targets.Count: SignedNames.Tags + 1 })
            {
                throw new InvalidOperationException("it was not verified");
            }
        });

        static double Megabytes(long before) => (GC.GetTotalMemory(forceFullCollection: true) - before) / 1024.0 / 1024.0;
    }

    private static TrustReading Reading(ReadOutcome outcome) => outcome is ReadOutcome.Verified verified ? verified.Reading : throw new InvalidOperationException(outcome.ToString());
}
