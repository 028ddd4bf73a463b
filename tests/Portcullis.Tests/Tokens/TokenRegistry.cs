using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Portcullis.Testing;

namespace Portcullis.Tests.Tokens;

/// <summary>A real docker-registry of a test's own that asks for tokens: a folder and a loopback port of its own, stopped by its process.</summary>
internal sealed class TokenRegistry : IAsyncDisposable
{
    public const string Issuer = "portcullis";
    public const string Service = "portcullis-upstream";

    private static readonly string? Program = new[] { "/usr/bin/docker-registry", "/usr/local/bin/docker-registry" }.FirstOrDefault(File.Exists);

    private readonly string _folder = Directory.CreateTempSubdirectory("token-registry").FullName;
    private readonly HttpClient _http;
    private Process? _process;

    private TokenRegistry(int port) => _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

    /// <summary>Why none can be started here; null when one can.</summary>
    public static string? Missing => Program is null ? "not run: docker-registry is not installed" : null;

    /// <param name="rootCertificates">In PEM.</param>
    public static async Task<TokenRegistry> StartAsync(string rootCertificates)
    {
        var port = FreePort();
        var registry = new TokenRegistry(port);
        await File.WriteAllTextAsync(Path.Combine(registry._folder, "roots.pem"), rootCertificates);
        await File.WriteAllTextAsync(Path.Combine(registry._folder, "config.yml"), string.Create(CultureInfo.InvariantCulture, $$"""
            version: 0.1
            log: { level: error }
            storage: { filesystem: { rootdirectory: {{registry._folder}}/data }, delete: { enabled: true } }
            http: { addr: "127.0.0.1:{{port}}" }
            auth:
              token: { realm: "http://127.0.0.1:1/auth/token", service: {{Service}}, issuer: {{Issuer}}, rootcertbundle: {{registry._folder}}/roots.pem }
            """));
        registry._process = Process.Start(new ProcessStartInfo(Program!, ["serve", Path.Combine(registry._folder, "config.yml")]) { RedirectStandardError = true, RedirectStandardOutput = true });
        registry._process!.OutputDataReceived += (_, _) => { };
        registry._process.BeginOutputReadLine();
        registry._process.ErrorDataReceived += (_, _) => { };
        registry._process.BeginErrorReadLine();
        await Eventually.HoldsAsync(registry.AnswersAsync);
        return registry;
    }

    public async Task<HttpStatusCode> AskAsync(HttpMethod method, string path, string? bearer)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is { HasExited: false } running)
        {
            running.Kill();
            await running.WaitForExitAsync();
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return await AskAsync(HttpMethod.Get, "/v2/", null) == HttpStatusCode.Unauthorized;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
