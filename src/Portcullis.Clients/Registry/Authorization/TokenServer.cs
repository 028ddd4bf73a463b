using System.Net;
using System.Text.Json;
using Portcullis.Clients.Registry.Wire;

namespace Portcullis.Clients.Registry.Authorization;

/// <summary>
/// Asks a token server for tokens: by GET with a user's password (Docker registry token authentication specification), by POST with a refresh
/// token (the same for OAuth 2.0).
/// </summary>
internal sealed class TokenServer(RequestSender sender, RegistryCredential? credential)
{
    private const int LargestAnswer = 256 * 1024;
    private const string Client = "portcullis";

    /// <summary>A server that does not say how long a token lasts means this (token specification, expires_in).</summary>
    private static readonly TimeSpan UsualLife = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LongestMargin = TimeSpan.FromSeconds(10);

    public async Task<RegistryToken> FetchAsync(Uri realm, string? service, RegistryAccess access, CancellationToken cancellationToken)
    {
        var asked = sender.Time.GetUtcNow();
        using var response = await sender.SendAsync(Request(realm, service, access), BasicHeader.Of(credential), cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            var refusal = await sender.FailureAsync(response, cancellationToken);
            throw refusal.Kind == RegistryFailure.Invalid && credential is RegistryCredential.RefreshToken
                ? new RegistryException(RegistryFailure.Unauthorized, refusal.Message, refusal.Status, refusal.Code)
                : refusal;
        }

        var bytes = await sender.ReadAsync(response, LargestAnswer, cancellationToken);
        return Read(bytes, asked) ?? throw RegistryErrors.Damaged(response, "the token server's answer has no token");
    }

    private static RegistryToken? Read(byte[] bytes, DateTimeOffset asked)
    {
        try
        {
            var answer = JsonSerializer.Deserialize(bytes, RegistryJsonContext.Default.TokenServerAnswer);
            var token = answer?.Token is { Length: > 0 } value ? value : answer?.AccessToken;
            if (string.IsNullOrEmpty(token) || token.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0)
            {
                return null;
            }

            var life = answer!.ExpiresIn is > 0 and <= int.MaxValue and { } seconds ? TimeSpan.FromSeconds(seconds) : UsualLife;
            return new RegistryToken(token, asked + life - TimeSpan.FromTicks(Math.Min(LongestMargin.Ticks, life.Ticks / 4)));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private HttpRequestMessage Request(Uri realm, string? service, RegistryAccess access) =>
        credential is RegistryCredential.RefreshToken refresh ? Post(realm, service, access, refresh) : Get(realm, service, access);

    private HttpRequestMessage Get(Uri realm, string? service, RegistryAccess access)
    {
        var query = access.Scopes.Select(s => ("scope", s)).ToList();
        if (service is not null)
        {
            query.Insert(0, ("service", service));
        }

        var basic = credential as RegistryCredential.Basic;
        if (basic is not null)
        {
            query.Add(("account", basic.User));
        }

        var url = new UriBuilder(realm) { Query = string.Join('&', [.. Own(realm), .. query.Select(q => $"{q.Item1}={Uri.EscapeDataString(q.Item2)}")]) };
        return new HttpRequestMessage(HttpMethod.Get, url.Uri);
    }

    private static string[] Own(Uri realm) => realm.Query.Length > 1 ? [realm.Query[1..]] : [];

    private static HttpRequestMessage Post(Uri realm, string? service, RegistryAccess access, RegistryCredential.RefreshToken refresh) => new(HttpMethod.Post, realm)
    {
        Content = new FormUrlEncodedContent(
        [
            new("grant_type", "refresh_token"),
            new("service", service ?? ""),
            new("client_id", Client),
            new("scope", string.Join(' ', access.Scopes)),
            new("refresh_token", refresh.Token),
        ]),
    };
}
