using System.Diagnostics;
using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Http;
using Portcullis.Objects;
using Portcullis.Testing;

namespace Portcullis.ApiServer.Tests.Storage;

/// <summary>A write that was answered is there after kill -9.</summary>
[TestFixture]
internal sealed class DurabilityTests
{
    private static readonly ApiResource ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);

    [Test]
    public async Task Every_acknowledged_write_survives_a_kill_in_the_middle_of_many()
    {
        var folder = Directory.CreateTempSubdirectory("portcullis-kill-").FullName;
        var acknowledged = new HashSet<string>(StringComparer.Ordinal);
        for (var round = 0; round < 3; round++)
        {
            var (process, kubeconfig) = await ServeAsync(folder);
            using var served = process;
            var client = KubernetesClientFactory.Create(KubeConfig.Load([kubeconfig]));
            var writers = Enumerable.Range(0, 4).Select(w => WriteAsync(client, $"r{round}-w{w}", acknowledged)).ToList();
            var enough = (round + 1) * 40;
            await Eventually.HoldsAsync(() => Count(acknowledged) > enough, TimeSpan.FromSeconds(30));
            process.Kill();
            await Task.WhenAll(writers);
            await process.WaitForExitAsync();
        }

        var (last, path) = await ServeAsync(folder);
        using var reopened = last;
        var names = await NamesAsync(KubernetesClientFactory.Create(KubeConfig.Load([path])));
        last.Kill();
        await last.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);
        Assert.That(acknowledged.Except(names), Is.Empty);
    }

    private static async Task<(Process Process, string Kubeconfig)> ServeAsync(string folder)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(DurabilityTests).Assembly.Location, "serve", folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync() ?? "";
        Assert.That(line, Does.StartWith("ready "));
        return (process, line["ready ".Length..]);
    }

    private static async Task WriteAsync(KubernetesClient client, string prefix, HashSet<string> acknowledged)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                var name = $"{prefix}-{i}";
                var body = new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "ConfigMap",
                    ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
                };
                await client.CreateAsync(ConfigMaps, body, new WriteOptions("test"), CancellationToken.None);
                lock (acknowledged)
                {
                    acknowledged.Add(name);
                }
            }
        }
        catch (Exception error) when (error is HttpRequestException or IOException or KubernetesApiException or OperationCanceledException)
        {
            // The server is dead: what was not answered may or may not be there.
        }
    }

    private static async Task<HashSet<string>> NamesAsync(KubernetesClient client)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var value in client.ListAsync(ConfigMaps, new ListOptions { Namespace = "default", PageSize = 50 }, CancellationToken.None))
        {
            names.Add(value["metadata"]!["name"]!.ToString());
        }

        return names;
    }

    private static int Count(HashSet<string> names)
    {
        lock (names)
        {
            return names.Count;
        }
    }
}
