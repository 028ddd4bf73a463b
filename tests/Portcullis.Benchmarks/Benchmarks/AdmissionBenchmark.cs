using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Benchmarks.Admitting;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Core.Signing;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// Reviews of pods with signed images, over TLS, by the webhooks of the operator and by a bare Kestrel handler in the same process, in turns; before that, 10,000
/// pods with 100 images of which nothing is known yet.
/// </summary>
internal static class AdmissionBenchmark
{
    private const int Images = 100;
    private const int Pods = 10_000;
    private const int Connections = 8;
    private const int Rounds = 7;
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(2);

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        await using var verifier = await CountedVerifier.StartAsync(_ => new RepositoryTrust([new RoleTarget("targets/ci", "1", Digest, 1234, ["key"])], [], DateTimeOffset.MaxValue));
        await using var admission = await RunningAdmission.StartAsync(verifier);
        await using var bare = await BareWebhook.StartAsync(Enumerable.Range(0, Images).Select(Pinned));
        var (pinning, judging) = (await admission.AddressAsync(mutating: true), await admission.AddressAsync(mutating: false));

        var cold = await BenchmarkRun.TimeAsync(() => PostAllAsync(pinning, [.. Enumerable.Range(0, Images).Select(i => ReviewClient.Request(pinning, Review(i, Tagged(i))))]));
        var verified = verifier.Verified;
        var ours = Requests(judging);
        var theirs = Requests(new Uri(bare.Address + "/"));
        Samples ourRates = new(), theirRates = new(), ourLatencies = new(), theirLatencies = new();
        for (var round = -2; round < Rounds; round++)
        {
            // The first two rounds are for the machine code.
            var bareRate = await LoadAsync(new Uri(bare.Address), theirs, round < 0 ? new Samples() : theirLatencies);
            var rate = await LoadAsync(judging, ours, round < 0 ? new Samples() : ourLatencies);
            if (round >= 0)
            {
                theirRates.Add(bareRate);
                ourRates.Add(rate);
            }
        }

        return
        [
            Bar.AtMost($"admission: verifications for {BenchmarkRun.Number(Pods)} pods with {BenchmarkRun.Number(Images)} images", verified, Images, "", string.Create(CultureInfo.InvariantCulture, $"in {cold.TotalMilliseconds:0} ms")),
            Bar.AtLeastOf("admission: reviews in a second against a bare handler", ourRates.Median / theirRates.Median, 0.6, "x", $"{ourRates.Text(" /s")} against {theirRates.Text(" /s")}"),
            Bar.AtMost(
                "admission: 99 of 100 against a bare handler", ourLatencies.Percentile(99) / theirLatencies.Percentile(99), 2, "x",
                string.Create(CultureInfo.InvariantCulture, $"{ourLatencies.Percentile(99):0.00} ms against {theirLatencies.Percentile(99):0.00} ms with {Connections} connections")),
        ];
    }

    private static byte[][] Requests(Uri url) => [.. Enumerable.Range(0, Images).Select(i => ReviewClient.Request(url, Review(i, Pinned(i))))];

    private static async Task PostAllAsync(Uri server, byte[][] requests)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, 4 * Connections).Select(_ => Task.Run(async () =>
        {
            using var client = await ReviewClient.ConnectAsync(server);
            while (Interlocked.Increment(ref next) is var number && number < Pods)
            {
                await AdmitAsync(client, requests[number % Images]);
            }
        })));
    }

    /// <summary>As many as go, for a while; how many a second those were.</summary>
    private static async Task<double> LoadAsync(Uri server, byte[][] requests, Samples latencies)
    {
        var started = TimeProvider.System.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, Connections).Select(c => Task.Run(async () =>
        {
            using var client = await ReviewClient.ConnectAsync(server);
            var taken = new List<double>();
            for (var i = c; TimeProvider.System.GetElapsedTime(started) < Round; i += Connections)
            {
                var sent = TimeProvider.System.GetTimestamp();
                await AdmitAsync(client, requests[i % Images]);
                taken.Add(TimeProvider.System.GetElapsedTime(sent).TotalMilliseconds);
            }

            return taken;
        })));
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        foreach (var latency in all.SelectMany(l => l))
        {
            latencies.Add(latency);
        }

        return all.Sum(l => l.Count) / seconds;
    }

    private static async Task AdmitAsync(ReviewClient client, byte[] request)
    {
        if (!await client.PostAsync(request))
        {
            throw new InvalidOperationException("a signed image was refused");
        }
    }

    private static string Tagged(int number) => string.Create(CultureInfo.InvariantCulture, $"registry.example.com/acme/app-{number}:1");

    private static string Pinned(int number) => $"{Tagged(number)}@{Digest}";

    /// <summary>Some 3 KB, as the API server sends a pod that a controller made.</summary>
    private static string Review(int number, string image) => new JsonObject
    {
        ["kind"] = "AdmissionReview",
        ["apiVersion"] = "admission.k8s.io/v1",
        ["request"] = new JsonObject
        {
            ["uid"] = string.Create(CultureInfo.InvariantCulture, $"705ab4f5-6393-11e8-b7cc-42010a80{number:0000}"),
            ["kind"] = new JsonObject { ["group"] = "", ["version"] = "v1", ["kind"] = "Pod" },
            ["resource"] = new JsonObject { ["group"] = "", ["version"] = "v1", ["resource"] = "pods" },
            ["namespace"] = "team",
            ["operation"] = "CREATE",
            ["userInfo"] = new JsonObject { ["username"] = "ann", ["groups"] = new JsonArray("system:authenticated") },
            ["object"] = Pod(number, image),
            ["oldObject"] = null,
            ["dryRun"] = false,
        },
    }.ToJsonString();

    private static JsonObject Pod(int number, string image) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject
        {
            ["generateName"] = "app-5d59d67564-",
            ["namespace"] = "team",
            ["labels"] = new JsonObject([.. Enumerable.Range(0, 8).Select(i => KeyValuePair.Create($"app.kubernetes.io/label-{i}", (JsonNode?)"a value of a label"))]),
        },
        ["spec"] = new JsonObject
        {
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = "main",
                ["image"] = image,
                ["env"] = new JsonArray([.. Enumerable.Range(0, 25).Select(i => (JsonNode)new JsonObject { ["name"] = $"SETTING_{i}_{number}", ["value"] = "a value of some length for this setting" })]),
                ["resources"] = new JsonObject { ["limits"] = new JsonObject { ["cpu"] = "1", ["memory"] = "256Mi" } },
            }),
            ["serviceAccountName"] = "default",
        },
    };
}
