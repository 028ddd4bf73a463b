using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Portcullis.Core.Components;

namespace Portcullis.Benchmarks.Matching;

/// <summary>A server of Trivy on a port of its own, asked by its RPC (twirp, in JSON), so that the start of a program is not measured.</summary>
internal sealed class TrivyServer : IDisposable
{
    private const string Variable = "PORTCULLIS_TRIVY";

    private readonly Process _process;
    private readonly HttpClient _client;

    private TrivyServer(Process process, HttpClient client)
    {
        _process = process;
        _client = client;
    }

    /// <summary>The program: what the variable names, or trivy in the PATH.</summary>
    public static string? Program() => Environment.GetEnvironmentVariable(Variable)
        ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(f => Path.Combine(f, "trivy")).FirstOrDefault(File.Exists);

    public static TrivyServer Start(string program, string cache)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var address = $"127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        probe.Stop();
        var start = new ProcessStartInfo(program, ["server", "--listen", address, "--cache-dir", cache, "--skip-db-update", "--quiet"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new TrivyServer(process, new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://{address}"), Timeout = TimeSpan.FromMinutes(10) });
        server.AwaitReady();
        return server;
    }

    public void Dispose()
    {
        _client.Dispose();
        _process.Kill();
        _process.Dispose();
    }

    /// <summary>Stores an image of these components under a name; asking for its findings is another call.</summary>
    public void Put(string name, IReadOnlyList<Component> components)
    {
        var libraries = components.GroupBy(c => c.Format).Select(g => new JsonObject
        {
            ["type"] = g.Key == PackageFormat.Go ? "gobinary" : "python-pkg",
            ["file_path"] = $"{g.Key}",
            ["libraries"] = new JsonArray([.. g.Select(c => new JsonObject { ["name"] = c.Name, ["version"] = c.Version.TrimStart('v') })]),
        });
        Call("cache.v1.Cache/PutBlob", new JsonObject { ["diff_id"] = Digest(name), ["blob_info"] = new JsonObject { ["schema_version"] = 2, ["diff_id"] = Digest(name), ["applications"] = new JsonArray([.. libraries]) } });
        Call("cache.v1.Cache/PutArtifact", new JsonObject { ["artifact_id"] = Digest(name), ["artifact_info"] = new JsonObject { ["schema_version"] = 1 } });
    }

    /// <summary>The answer to a scan: its results in JSON.</summary>
    public JsonObject Scan(string name) => Call("scanner.v1.Scanner/Scan", new JsonObject
    {
        ["target"] = name,
        ["artifact_id"] = Digest(name),
        ["blob_ids"] = new JsonArray(Digest(name)),
        ["options"] = new JsonObject { ["vuln_type"] = new JsonArray("library"), ["scanners"] = new JsonArray("vuln") },
    });

    private static string Digest(string name) => $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)))}";

    private JsonObject Call(string method, JsonObject request)
    {
        using var response = _client.PostAsJsonAsync($"/twirp/trivy.{method}", request).GetAwaiter().GetResult();
        var text = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        return response.IsSuccessStatusCode ? (JsonObject)JsonNode.Parse(text)! : throw new InvalidOperationException($"Trivy answered {response.StatusCode}: {text}");
    }

    private void AwaitReady()
    {
        for (var until = Stopwatch.StartNew(); until.Elapsed < TimeSpan.FromSeconds(60);)
        {
            try
            {
                using var response = _client.GetAsync(new Uri("/healthz", UriKind.Relative)).GetAwaiter().GetResult();
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!_process.HasExited)
            {
                _process.WaitForExit(100);
            }
        }

        throw new InvalidOperationException("Trivy's server did not start within 60 s");
    }
}
