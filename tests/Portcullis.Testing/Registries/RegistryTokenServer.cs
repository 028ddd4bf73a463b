using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.Http.Serving;
using Portcullis.Testing.Servers;

namespace Portcullis.Testing.Registries;

/// <summary>A token server for registries of tests: it grants all that <see cref="DockerRegistry.User"/> asks for, by password or refresh token.</summary>
public sealed class RegistryTokenServer : IAsyncDisposable
{
    public const string Service = "registry-of-a-test";
    public const string RefreshToken = "a-refresh-t0ken";
    private readonly ConcurrentQueue<string> _asked = [];
    private HttpServer _server = null!;

    private RegistryTokenServer()
    {
        BundleFile = Path.GetTempFileName();
        File.WriteAllText(BundleFile, Signer.CertificatePem);
    }

    public RegistryTokenSigner Signer { get; } = new();

    public string BundleFile { get; }

    public Uri Realm => new($"{_server.Address}/token");

    /// <summary>What a registry needs to take its tokens.</summary>
    public DockerRegistryTokens Tokens => new(Realm.AbsoluteUri, Service, Signer.Issuer, BundleFile);

    /// <summary>Each request so far: its scopes, with blanks between, as they were asked for.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>The audience of the tokens.</summary>
    public string Audience { get; set; } = Service;

    /// <summary>What the answers say of the tokens' life, in seconds.</summary>
    public int ExpiresIn { get; set; } = 300;

    /// <summary>The tokens' life itself.</summary>
    public TimeSpan Life { get; set; } = TimeSpan.FromMinutes(5);

    public static async Task<RegistryTokenServer> StartAsync()
    {
        var server = new RegistryTokenServer();
        server._server = await LoopbackServer.StartAsync(null, server.AnswerAsync);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Signer.Dispose();
        File.Delete(BundleFile);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var scopes = await ScopesAsync(context.Request);
        _asked.Enqueue(scopes is null ? "refused" : string.Join(' ', scopes));
        if (scopes is null)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await context.Response.WriteAsync("""{"errors":[{"code":"UNAUTHORIZED","message":"wrong password"}]}""");
            return;
        }

        var token = Signer.Sign(Audience, scopes, Life);
        await context.Response.WriteAsync(new JsonObject { ["token"] = token, ["access_token"] = token, ["expires_in"] = ExpiresIn }.ToJsonString());
    }

    /// <summary>Null for who shows neither the password nor the refresh token.</summary>
    private static async Task<IReadOnlyList<string>?> ScopesAsync(HttpRequest request)
    {
        if (request.Method == "POST")
        {
            var form = await request.ReadFormAsync();
            return form["grant_type"] == "refresh_token" && form["refresh_token"] == RefreshToken && form["service"] == Service ? form["scope"].ToString().Split(' ') : null;
        }

        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{DockerRegistry.User}:{DockerRegistry.Password}"));
        return request.Headers.Authorization == expected && request.Query["service"] == Service && request.Query["account"] == DockerRegistry.User
            ? request.Query["scope"].OfType<string>().ToList()
            : null;
    }
}
