using System.Text.Json.Nodes;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Programs;
using Portcullis.Core.Grants;
using Portcullis.Testing;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// A grant leaves Git, from the ref moving until the API denies its user; with 1,000 grants in force, while 200 other objects of the same source are
/// refused again and again.
/// </summary>
internal static class RevokeBenchmark
{
    private const int Grants = 1000;
    private const int Collections = 10;
    private const int Failing = 200;
    private const int Rounds = 100;

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        await using var bench = await Bench.StartAsync();
        for (var c = 0; c < Collections; c++)
        {
            bench.Git.Write($"{Sample.Name("part", c)}.json", Sample.Collection(Sample.Name("part", c), $"/{Sample.Name("part", c)}", [Sample.Name("part", c)]).ToJsonString());
        }

        foreach (var i in Enumerable.Range(0, Grants))
        {
            bench.Git.Write(FileOf(i), Sample.Grant(Sample.Name("grant", i), "User", Sample.Name("user", i), "ViewOnly", $"/{PartOf(i)}").ToJsonString());
        }

        // Their namespace is nowhere: the server refuses each.
        bench.Git.Write("failing.yaml", Sample.File(Enumerable.Range(0, Failing).Select(i => Sample.ConfigMap("nowhere", i))));
        bench.Push(bench.Git.Commit());
        await using var program = bench.StartOperator();
        await bench.FollowAsync(url: bench.Origin, prune: Grants);
        await Eventually.HoldsAsync(async () => await bench.CountReadyAsync(Grant.Definition) == Grants, TimeSpan.FromMinutes(5));

        var samples = new Samples();
        for (var round = 0; round < Rounds; round++)
        {
            samples.Add(await RevokeAsync(bench, round));
        }

        return [Bar.AtMost($"revoke: access denied with {Grants} grants beside {Failing} failing writes, 99 of 100", samples.Percentile(99), 1000, " ms", samples.Text())];
    }

    private static async Task<TimeSpan> RevokeAsync(Bench bench, int number)
    {
        File.Delete(Path.Combine(bench.Git.Folder, FileOf(number)));
        await Eventually.HoldsAsync(() => IsAllowedAsync(bench, number));
        return await bench.TimeFromRefAsync(() => Eventually.HoldsAsync(async () => !await IsAllowedAsync(bench, number), TimeSpan.FromMinutes(1)));
    }

    private static async Task<bool> IsAllowedAsync(Bench bench, int number)
    {
        var review = await bench.Client.PostAsync(
            "/apis/authorization.k8s.io/v1/subjectaccessreviews",
            new JsonObject
            {
                ["apiVersion"] = "authorization.k8s.io/v1",
                ["kind"] = "SubjectAccessReview",
                ["spec"] = new JsonObject
                {
                    ["user"] = Sample.Name("user", number),
                    ["resourceAttributes"] = new JsonObject { ["namespace"] = PartOf(number), ["verb"] = "get", ["resource"] = "pods" },
                },
            },
            CancellationToken.None);
        return review["status"]!["allowed"]!.GetValue<bool>();
    }

    private static string FileOf(int number) => $"grants/{Sample.Name("grant", number)}.json";

    private static string PartOf(int number) => Sample.Name("part", number % Collections);
}
