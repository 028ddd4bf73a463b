using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Notary;
using Portcullis.Clients.Registry;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Http.Serving;
using Portcullis.Testing.Servers;

namespace Portcullis.Clients.Tests.Registry;

/// <summary>A server that answers each path as the test says, as no registry should; 404 for the rest.</summary>
internal sealed class ScriptedRegistry : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RequestDelegate> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _seen = [];
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
    private HttpServer _server = null!;

    /// <summary>Each request so far: method, path with query, and credential if there was one.</summary>
    public IReadOnlyList<string> Seen => [.. _seen];

    public string Address => _server.Address;

    /// <summary>With one it speaks TLS, and is trusted by its client.</summary>
    public static async Task<ScriptedRegistry> StartAsync(X509Certificate2? certificate = null)
    {
        var scripted = new ScriptedRegistry();
        scripted._server = await LoopbackServer.StartAsync(certificate, scripted.AnswerAsync);
        if (certificate is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(certificate);
            scripted._handler.SslOptions.CertificateChainPolicy = policy;
        }

        return scripted;
    }

    public RegistryClient Client(RegistryClientOptions? options = null, HttpMessageHandler? handler = null) => RegistryClient.Create(
        RegistryEndpoint.TryParse(Address, allowPlainHttp: true)!, handler ?? _handler, options ?? new RegistryClientOptions());

    /// <summary>A client that takes it for a Notary server.</summary>
    public NotaryClient Notary(RegistryClientOptions? options = null) =>
        NotaryClient.Create(RegistryEndpoint.TryParse(Address, allowPlainHttp: true)!, _handler, options ?? new RegistryClientOptions());

    /// <summary>A client that shows a secret from its first request on.</summary>
    public RegistryClient ClientWithSecret() => Client(new RegistryClientOptions { Authorization = new ShownSecret() });

    public ScriptedRegistry On(string path, RequestDelegate answer)
    {
        _answers[path] = answer;
        return this;
    }

    public ScriptedRegistry On(string path, int status, string body = "", params (string Name, string Value)[] headers) =>
        On(path, status, Encoding.UTF8.GetBytes(body), headers);

    public ScriptedRegistry On(string path, int status, byte[] body, params (string Name, string Value)[] headers) => On(path, async context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers.Append(name, value);
        }

        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    });

    /// <summary>Gives a manifest by its digest, and by its tag when there is one.</summary>
    public ScriptedRegistry OnManifest(string repository, RegistryManifest manifest, string? tag = null)
    {
        foreach (var reference in new[] { manifest.Digest, tag }.OfType<string>())
        {
            On($"/v2/{repository}/manifests/{reference}", 200, manifest.Bytes.ToArray(), ("Content-Type", manifest.MediaType), ("Docker-Content-Digest", manifest.Digest));
        }

        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _handler.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        _seen.Enqueue($"{request.Method} {request.Path}{request.QueryString} {request.Headers.Authorization}".TrimEnd());
        if (_answers.TryGetValue(request.Path.Value!, out var answer))
        {
            return answer(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private sealed class ShownSecret : IRegistryAuthorization
    {
        public ValueTask<System.Net.Http.Headers.AuthenticationHeaderValue?> AuthorizeAsync(RegistryAccess access, CancellationToken cancellationToken) =>
            ValueTask.FromResult<System.Net.Http.Headers.AuthenticationHeaderValue?>(new("Bearer", "s3cret-token"));
    }
}
