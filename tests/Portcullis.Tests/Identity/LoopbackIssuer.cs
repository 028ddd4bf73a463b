using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Portcullis.Http.Serving;
using Portcullis.Testing.Servers;

namespace Portcullis.Tests.Identity;

/// <summary>An OpenID Connect issuer on a loopback port, with keys that a test changes.</summary>
internal sealed class LoopbackIssuer : IAsyncDisposable
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly Dictionary<string, RSA> _keys = [];
    private HttpServer _server = null!;

    public string Url => _server.Address.TrimEnd('/');

    /// <summary>What the configuration says that it is; null for the truth.</summary>
    public string? ClaimedIssuer { get; set; }

    public bool IsAway { get; set; }

    /// <summary>How often the keys were asked for.</summary>
    public int KeyRequests { get; private set; }

    public static async Task<LoopbackIssuer> StartAsync()
    {
        var issuer = new LoopbackIssuer();
        issuer._server = await LoopbackServer.StartAsync(null, issuer.AnswerAsync);
        issuer.Publish("first");
        return issuer;
    }

    public void Publish(string id) => _keys[id] = RSA.Create(2048);

    public void Withdraw(string id) => _keys.Remove(id);

    /// <summary>A job's token, with these claims beside the usual ones.</summary>
    public string Token(string audience, DateTimeOffset until, JsonObject claims, string key = "first", RSA? signedBy = null)
    {
        var all = claims.DeepClone().AsObject();
        all["iss"] = Url;
        all["aud"] = audience;
        all["exp"] = until.ToUnixTimeSeconds();
        all["nbf"] = until.AddMinutes(-5).ToUnixTimeSeconds();
        var credentials = new SigningCredentials(new RsaSecurityKey(signedBy ?? _keys[key]) { KeyId = key, CryptoProviderFactory = new CryptoProviderFactory() }, SecurityAlgorithms.RsaSha256);
        return _handler.CreateToken(all.ToJsonString(), credentials);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        if (IsAway)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            return Task.CompletedTask;
        }

        if (context.Request.Path == "/.well-known/openid-configuration")
        {
            return context.Response.WriteAsync(new JsonObject { ["issuer"] = ClaimedIssuer ?? Url, ["jwks_uri"] = $"{Url}/keys" }.ToJsonString());
        }

        KeyRequests++;
        return context.Response.WriteAsync(new JsonObject { ["keys"] = new JsonArray([.. _keys.Select(k => Key(k.Key, k.Value.ExportParameters(false)))]) }.ToJsonString());
    }

    private static JsonObject Key(string id, RSAParameters key) => new()
    {
        ["kty"] = "RSA",
        ["kid"] = id,
        ["use"] = "sig",
        ["n"] = Base64Url.EncodeToString(key.Modulus),
        ["e"] = Base64Url.EncodeToString(key.Exponent),
    };
}
