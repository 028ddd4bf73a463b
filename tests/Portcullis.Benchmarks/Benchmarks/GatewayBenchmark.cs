using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Programs;
using Portcullis.Clients.Registry;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Kubernetes.Client;
using Portcullis.Testing;
using Portcullis.Testing.Registries;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// Pulls through the gateway against the same pulls through nginx, which only passes bytes on, and against the registry itself: a layer of 100 MB, and manifests by
/// 64 connections. The gateway decides each request by a token and the present grants.
/// </summary>
internal static class GatewayBenchmark
{
    private const string Host = "registry.example.com";
    private const string Name = "shop/web";
    private const int LayerBytes = 100 * 1024 * 1024;
    private const int LayerRounds = 9;
    private const int Connections = 64;
    private const int ManifestRounds = 5;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(2);
    private static readonly WriteOptions Write = new("benchmark");

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        if ((DockerRegistry.Missing ?? NginxProxy.Missing) is { } missing)
        {
            return [Bar.Missing("gateway", missing)];
        }

        await using var registry = await DockerRegistry.StartAsync();
        var image = new ImageBuilder().WithLayers(1, LayerBytes).Build();
        await image.PushAsync(registry.Client(), Name, "1");
        await using var nginx = await NginxProxy.StartAsync(registry.Address);
        await using var bench = await Bench.StartAsync();
        await DeclareAsync(bench, registry);
        await using var gateway = BuiltProgram.Start(
            "gateway", "--kubeconfig", bench.Kubeconfig, "--plain-http", "--allow-undeclared", "--port", "0", "--health-port", "0", "--metrics-port", "0");
        var address = new Uri((await gateway.SaysAsync("listens on ")).Split("listens on ")[1].Trim());
        using var direct = Client(registry.Address, null);
        using var proxied = Client(nginx.Address, null);
        using var guarded = Client(address, await TokenAsync(address));

        var blob = $"/v2/{Name}/blobs/{ContentDigest.Of(image.Blobs[0])}";
        var layers = await AlternateAsync(LayerRounds, [direct, proxied, guarded], client => MegabytesAsync(client, blob));
        var manifests = await AlternateAsync(ManifestRounds, [direct, proxied, guarded], client => RateAsync(client, $"/v2/{Name}/manifests/{image.Digest}"));
        return
        [
            Bar.AtLeastOf("gateway: a layer of 100 MB, against nginx", layers[2].Median / layers[1].Median, 0.9, "x", Behind(layers, "MB/s")),
            Bar.AtLeastOf("gateway: manifests by 64 connections, against the registry itself", manifests[2].Median / manifests[0].Median, 0.5, "x", Behind(manifests, "/s")),
        ];
    }

    private static string Behind(IReadOnlyList<Samples> samples, string unit) => string.Create(
        CultureInfo.InvariantCulture,
        $"direct {samples[0].Text($" {unit}")}, nginx {samples[1].Text($" {unit}")}, gateway {samples[2].Text($" {unit}")}; gateway to direct {samples[2].Median / samples[0].Median:0.##}x");

    private static async Task DeclareAsync(Bench bench, DockerRegistry registry)
    {
        await bench.Client.ApplyAsync(Registry.Definition, Object("Registry", "dtr", new JsonObject { ["host"] = Host, ["upstream"] = new JsonObject { ["url"] = registry.Address.AbsoluteUri } }), Write, CancellationToken.None);
        await bench.Client.ApplyAsync(Repository.Definition, Object("Repository", "web", new JsonObject { ["registry"] = "dtr", ["name"] = Name, ["visibility"] = "Public" }), Write, CancellationToken.None);
    }

    private static JsonObject Object(string kind, string name, JsonObject spec) =>
        new() { ["apiVersion"] = Registry.Definition.ApiVersion, ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec };

    /// <summary>Of nobody in particular, as docker gets one before it pulls from a public repository.</summary>
    private static async Task<string> TokenAsync(Uri gateway)
    {
        using var http = Client(gateway, null);
        return await Eventually.GetsAsync(async () =>
        {
            using var response = await http.GetAsync($"/token?service={Host}&scope=repository:{Name}:pull");
            var token = response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync())!["token"]!.GetValue<string>() : null;
            using var check = Client(gateway, token);
            using var listed = await check.GetAsync($"/v2/{Name}/tags/list");
            return listed.IsSuccessStatusCode ? token : null;
        });
    }

    private static HttpClient Client(Uri address, string? token)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = Connections }) { BaseAddress = address };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", RegistryMediaTypes.OciManifest);
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>One after another in each round, so that what else the machine does falls on all alike. The first round is not counted.</summary>
    private static async Task<IReadOnlyList<Samples>> AlternateAsync(int rounds, IReadOnlyList<HttpClient> clients, Func<HttpClient, Task<double>> measure)
    {
        var samples = clients.Select(_ => new Samples()).ToList();
        for (var round = -1; round < rounds; round++)
        {
            foreach (var (i, client) in clients.Index())
            {
                var value = await measure(client);
                if (round >= 0)
                {
                    samples[i].Add(value);
                }
            }
        }

        return samples;
    }

    private static async Task<double> MegabytesAsync(HttpClient client, string blob)
    {
        var buffer = new byte[256 * 1024];
        var took = await BenchmarkRun.TimeAsync(async () =>
        {
            using var response = await client.GetAsync(blob, HttpCompletionOption.ResponseHeadersRead);
            response.EnsureSuccessStatusCode();
            await using var body = await response.Content.ReadAsStreamAsync();
            long read = 0;
            for (int count; (count = await body.ReadAsync(buffer)) > 0;)
            {
                read += count;
            }

            if (read != LayerBytes)
            {
                throw new InvalidOperationException($"only {read} bytes came");
            }
        });
        return LayerBytes / 1e6 / took.TotalSeconds;
    }

    private static async Task<double> RateAsync(HttpClient client, string manifest)
    {
        var started = TimeProvider.System.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; TimeProvider.System.GetElapsedTime(started) < Round; count++)
            {
                using var response = await client.GetAsync(manifest);
                response.EnsureSuccessStatusCode();
                await response.Content.ReadAsByteArrayAsync();
            }

            return count;
        })));
        return counts.Sum() / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }
}
