using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.ApiServer;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Programs;
using Portcullis.Core;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Testing.Git;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// One object by way of the receiver: <c>git push</c> to a bare repository that the operator reads over ssh and asks only once an hour, then
/// the signed notice that a forge sends, until a watch shows the object. The clock runs from the start of the push.
/// </summary>
internal static class PushBenchmark
{
    private const string Name = "gitops one object from the push by way of the receiver";
    private const string Namespace = "noticed";
    private const string Token = "shared with the forge";
    private const int Pushes = 9;

    private static readonly ApiResource Secrets = new("", "v1", "Secret", "secrets", Namespaced: true);
    private static readonly WriteOptions Write = new("benchmark");

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        if (!SshServer.IsInstalled)
        {
            return [Bar.Missing(Name, "sshd is not installed")];
        }

        await using var bench = await Bench.StartAsync();
        await bench.MakeNamespaceAsync(Namespace);
        await using var watcher = await Watcher.StartAsync(bench.Client, Sample.ConfigMaps, "app=shop");
        using var server = await SshServer.StartAsync(bench.Git);
        var bare = Path.Combine(bench.Folder, "forge.git");
        bench.Git.Run("git", bench.Folder, "init", "--quiet", "--bare", "--initial-branch=main", bare);
        bench.Git.Git("remote", "add", "forge", bare);
        bench.Git.Write("README.md", "start").Commit();
        bench.Git.Git("push", "-q", "forge", "main");

        var port = LoopbackPort.Free().ToString(CultureInfo.InvariantCulture);
        await using var program = bench.StartOperator(null, "--receiver-port", port);
        var receiver = new Uri($"http://127.0.0.1:{port}{await FollowAsync(bench, server, bare)}");
        using var handler = new SocketsHttpHandler();
        using var forge = new HttpClient(handler);
        Samples whole = new(), push = new();
        for (var i = 0; i < Pushes; i++)
        {
            var key = $"{Namespace}/{Sample.Name("settings", i)}";
            bench.Git.Write($"{BenchmarkRun.Number(i)}.json", Sample.ConfigMap(Namespace, i).ToJsonString()).Commit();
            whole.Add(await BenchmarkRun.TimeAsync(async () =>
            {
                push.Add(await BenchmarkRun.TimeAsync(() => Task.FromResult(bench.Git.Git("push", "-q", "forge", "main"))));
                await NotifyAsync(forge, receiver);
                await watcher.UntilAsync(present => present.Contains(key));
            }));
        }

        return [Bar.AtMost(Name, whole.Median, 300, " ms", $"{whole.Text()}, of it git push {push.Text()}")];
    }

    /// <summary>Declares the source; returns its receiver's path once it is Ready.</summary>
    private static async Task<string> FollowAsync(Bench bench, SshServer server, string bare)
    {
        await SecretAsync(bench, server, "deploy", ("identity", server.Identity), ("known_hosts", server.KnownHosts));
        await SecretAsync(bench, server, "hook", ("token", Token));
        await bench.FollowAsync(new JsonObject
        {
            ["url"] = server.AddressOf(bare),
            ["interval"] = "1h",
            ["secretRef"] = new JsonObject { ["name"] = "deploy" },
            ["receivers"] = new JsonArray(new JsonObject { ["type"] = "generic-hmac", ["secretRef"] = new JsonObject { ["name"] = "hook" } }),
        });
        await bench.AppliedAsync(bench.Git.Head);
        var source = await bench.Client.GetAsync(GitSource.Definition, ObjectKey.Cluster(Bench.Source), CancellationToken.None);
        return source!["status"]!["receiverPaths"]![0]!.GetValue<string>();
    }

    private static Task<JsonObject> SecretAsync(Bench bench, SshServer server, string name, params (string Key, string Value)[] content) => bench.Client.ApplyAsync(
        Secrets,
        new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = WellKnown.SystemNamespace,
                ["labels"] = new JsonObject { ["portcullis.dev/allowed-source"] = Bench.Source },
                ["annotations"] = new JsonObject { ["portcullis.dev/allowed-host"] = server.Host },
            },
            ["stringData"] = new JsonObject(content.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))),
        },
        Write,
        CancellationToken.None);

    private static async Task NotifyAsync(HttpClient forge, Uri receiver)
    {
        const string Body = """{"ref":"refs/heads/main"}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, receiver) { Content = new StringContent(Body) };
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Token), Encoding.UTF8.GetBytes(Body));
        request.Headers.Add("X-Signature", "sha256=" + Convert.ToHexStringLower(signature));
        using var answer = await forge.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }
}
