using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.Http.Serving;
using Portcullis.Testing.Servers;

namespace Portcullis.EndToEnd.SupplyChain;

/// <summary>What the chain needs of a GitLab: it issues id_tokens for its jobs (OpenID Connect), and its pipelines are started by triggers.</summary>
internal sealed class GitLabStandIn : IAsyncDisposable
{
    public const string TriggerPath = "/api/v4/projects/7/trigger/pipeline";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentQueue<IReadOnlyDictionary<string, string>> _triggers = new();
    private HttpServer _server = null!;

    public string Issuer => _server.Address.TrimEnd('/');

    /// <summary>The forms of the triggers that came, in their order.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Triggers => [.. _triggers];

    public static async Task<GitLabStandIn> StartAsync()
    {
        var server = new GitLabStandIn();
        server._server = await LoopbackServer.StartAsync(null, server.AnswerAsync);
        return server;
    }

    /// <summary>The id_token of a job of a project, valid for five minutes.</summary>
    public string IdToken(string project, string audience, DateTimeOffset now)
    {
        var header = new JsonObject { ["alg"] = "ES256", ["typ"] = "JWT", ["kid"] = "one" };
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = $"project_path:{project}:ref_type:branch:ref:main",
            ["aud"] = audience,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds() - 5,
            ["exp"] = now.ToUnixTimeSeconds() + 300,
            ["project_path"] = project,
            ["ref_protected"] = "true",
        };
        var signed = $"{Base64Url.EncodeToString(Bytes(header))}.{Base64Url.EncodeToString(Bytes(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(_key.SignData(System.Text.Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _key.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/.well-known/openid-configuration":
                await JsonAsync(context, new JsonObject { ["issuer"] = Issuer, ["jwks_uri"] = $"{Issuer}/oauth/discovery/keys" });
                return;
            case "/oauth/discovery/keys":
                await JsonAsync(context, new JsonObject { ["keys"] = new JsonArray(PublicKey()) });
                return;
            case TriggerPath when context.Request.HasFormContentType:
                var form = await context.Request.ReadFormAsync();
                _triggers.Enqueue(form.ToDictionary(f => f.Key, f => f.Value.ToString(), StringComparer.Ordinal));
                context.Response.StatusCode = StatusCodes.Status201Created;
                return;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
        }
    }

    private JsonObject PublicKey()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["kty"] = "EC", ["use"] = "sig", ["alg"] = "ES256", ["kid"] = "one", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    private static byte[] Bytes(JsonObject value) => System.Text.Encoding.UTF8.GetBytes(value.ToJsonString());

    private static Task JsonAsync(HttpContext context, JsonObject value)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(value.ToJsonString());
    }
}
