using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Programs;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Organizations;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Kubernetes.Client;
using Portcullis.Testing;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// Tokens as docker asks for them, with a name and a password each time, from a gateway that has one processor: 1,000 organizations with a collection,
/// a repository and ten grants each. The clients have the other processor.
/// </summary>
internal static class TokenBenchmark
{
    private const int Organizations = 1000;
    private const int GrantsOfEach = 10;
    private const int LoggedIn = 500;
    private const int Connections = 16;
    private const int Rounds = 5;
    private const string Host = "registry.example.com";
    private const string Password = "a password of twenty-five";

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(4);

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        await using var bench = await Bench.StartAsync();
        await Parallel.ForEachAsync(Objects(), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (one, cancel) =>
            await bench.Client.ApplyAsync(one.Kind, one.Value, new WriteOptions("benchmark"), cancel));
        await using var gateway = BuiltProgram.StartOnOneProcessor(
            "gateway", "--kubeconfig", bench.Kubeconfig, "--plain-http", "--allow-undeclared", "--port", "0", "--health-port", "0", "--metrics-port", "0");
        var address = await AddressAsync(gateway);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = Connections }) { BaseAddress = new Uri(address) };
        await Eventually.HoldsAsync(async () => await TryAskAsync(http, LoggedIn - 1), TimeSpan.FromMinutes(2));
        for (var i = 0; i < LoggedIn; i++)
        {
            await AskAsync(http, i);
        }

        // As a gateway is after its first minutes: every log-in verified once, its machine code optimised.
        _ = await LoadAsync(http, new Samples());
        _ = await LoadAsync(http, new Samples());
        Samples rates = new(), wall = new(), latencies = new(), load = new();
        for (var round = 0; round < Rounds; round++)
        {
            var (used, started) = (gateway.Cpu, TimeProvider.System.GetTimestamp());
            var issued = await LoadAsync(http, load);
            rates.Add(issued / (gateway.Cpu - used).TotalSeconds);
            wall.Add(issued / TimeProvider.System.GetElapsedTime(started).TotalSeconds);
        }

        for (var i = 0; i < 5000; i++)
        {
            latencies.Add(await BenchmarkRun.TimeAsync(() => AskAsync(http, i % LoggedIn)));
        }

        return
        [
            Bar.AtLeastOf(
                "token: issued in a second of one processor's time", rates.Median, 5000, "",
                $"{rates.Text("")}; by the clock {wall.Text("")}; with {BenchmarkRun.Number(Connections)} connections 99 of 100 within {load.Percentile(99).ToString("0.##", CultureInfo.InvariantCulture)} ms"),
            Bar.AtMost("token: one after another, 99 of 100", latencies.Percentile(99), 5, " ms", latencies.Text()),
        ];
    }

    /// <summary>As many as go, for a while; how many those were.</summary>
    private static async Task<int> LoadAsync(HttpClient http, Samples latencies)
    {
        var started = TimeProvider.System.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, Connections).Select(c => Task.Run(async () =>
        {
            var (count, slowest) = (0, new List<double>());
            for (var i = c; TimeProvider.System.GetElapsedTime(started) < Round; i += Connections)
            {
                slowest.Add((await BenchmarkRun.TimeAsync(() => AskAsync(http, i % LoggedIn))).TotalMilliseconds);
                count++;
            }

            return (count, slowest);
        })));
        foreach (var latency in counts.SelectMany(c => c.slowest))
        {
            latencies.Add(latency);
        }

        return counts.Sum(c => c.count);
    }

    private static async Task<bool> TryAskAsync(HttpClient http, int number)
    {
        try
        {
            await AskAsync(http, number);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task AskAsync(HttpClient http, int number)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/token?account=x&service={Host}&scope=repository:{RepositoryOf(number)}:pull,push");
        request.Headers.Host = Host;
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{UserOf(number, 0)}:{Password}")));
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode || !text.Contains($"\"scope\":\"repository:{RepositoryOf(number)}:pull,push\"", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{answer.StatusCode}: {text}");
        }
    }

    private static async Task<string> AddressAsync(BuiltProgram gateway)
    {
        var line = await gateway.SaysAsync("http://");
        return line[line.IndexOf("http://", StringComparison.Ordinal)..].Split(' ', ',', ';')[0].TrimEnd('.');
    }

    private static IEnumerable<(ApiResource Kind, JsonObject Value)> Objects()
    {
        var passwords = new JsonObject();
        var hash = BCrypt.Net.BCrypt.HashPassword(Password, 4);
        for (var i = 0; i < LoggedIn; i++)
        {
            passwords[UserOf(i, 0)] = hash;
        }

        yield return (ClusterKinds.Secret, new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject { ["name"] = "passwords", ["namespace"] = WellKnown.SystemNamespace, ["labels"] = new JsonObject { [WellKnown.Labels.AllowedSource] = "bench" } },
            ["stringData"] = passwords,
        });
        yield return Of(Registry.Definition, "registry", new JsonObject { ["host"] = Host, ["upstream"] = new JsonObject { ["url"] = "http://127.0.0.1:5000" } });
        for (var i = 0; i < Organizations; i++)
        {
            var name = Sample.Name("org", i);
            yield return Of(Organization.Definition, name, new JsonObject
            {
                ["passwordsSecretRef"] = new JsonObject { ["name"] = "passwords" },
                ["users"] = new JsonArray([.. Enumerable.Range(0, GrantsOfEach).Select(u => (JsonNode)new JsonObject { ["name"] = UserOf(i, u) })]),
            });
            yield return Of(Collection.Definition, name, new JsonObject { ["path"] = $"/{name}", ["repositories"] = new JsonArray($"{name}/*") });
            yield return Of(Repository.Definition, name, new JsonObject { ["registry"] = "registry", ["name"] = RepositoryOf(i) });
            for (var g = 0; g < GrantsOfEach; g++)
            {
                yield return Of(Grant.Definition, $"{name}-{BenchmarkRun.Number(g)}", new JsonObject
                {
                    ["subject"] = new JsonObject { ["kind"] = "User", ["name"] = UserOf(i, g) },
                    ["role"] = "RestrictedControl",
                    ["collection"] = $"/{name}",
                    ["repositoryPermission"] = "readWrite",
                });
            }
        }
    }

    private static (ApiResource Kind, JsonObject Value) Of(ApiResource kind, string name, JsonObject spec) => (kind, new JsonObject
    {
        ["apiVersion"] = kind.ApiVersion,
        ["kind"] = kind.Kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [WellKnown.Labels.Source] = "bench" } },
        ["spec"] = spec,
    });

    private static string RepositoryOf(int organization) => $"{Sample.Name("org", organization)}/app";

    private static string UserOf(int organization, int number) => string.Create(CultureInfo.InvariantCulture, $"user-{organization:0000}-{number}");
}
