using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Portcullis.Core.Identity;
using Portcullis.Core.Registries;
using Portcullis.Identity.Logins;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.TokenService;

/// <summary>
/// The token service: by the Docker registry token specification (GET with Basic) and its OAuth 2.0 form (POST). Without a password it answers with a
/// token of nobody in particular, for pulling from public repositories.
/// </summary>
internal sealed partial class TokenEndpoint(
    TokenServiceStores stores, IStore<Registry> registries, LoginService logins, RefreshTokens refreshTokens, TokenIssuer issuer, ILogger<TokenEndpoint> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        var request = await TokenServiceRequest.ReadAsync(context.Request, context.RequestAborted);
        var host = request.Service ?? context.Request.Host.Value;
        if (request.Problem is { } problem)
        {
            await RefuseAsync(context, request, new Refusal(StatusCodes.Status400BadRequest, "UNSUPPORTED", "invalid_request", problem));
        }
        else if (!stores.AreRead || !registries.IsSynced)
        {
            await RefuseAsync(context, request, new Refusal(StatusCodes.Status503ServiceUnavailable, "UNAVAILABLE", "temporarily_unavailable", "the gateway is starting"));
        }
        else if (registries.List().FirstOrDefault(r => r.Spec.Host == host) is not { } registry)
        {
            await RefuseAsync(context, request, new Refusal(StatusCodes.Status400BadRequest, "UNSUPPORTED", "invalid_request", "service is not a registry of this gateway"));
        }
        else
        {
            await AnswerAsync(context, request, registry);
        }
    }

    private async Task AnswerAsync(HttpContext context, TokenServiceRequest request, Registry registry)
    {
        var (caller, proof, refusal) = await CallerAsync(context, request, registry.Spec.Host);
        if (refusal is not null)
        {
            await RefuseAsync(context, request, refusal, registry.Spec.Host);
            return;
        }

        var scopes = TokenScopes.Parse(request.Scopes, registry.Spec.Host);
        foreach (var refused in scopes.Refused)
        {
            Log.ScopeRefused(logger, caller!.ToString(), refused.Text, refused.Reason);
        }

        if (issuer.Issue(caller!, registry, scopes, proof, request.WantsRefreshToken) is not { } answer)
        {
            await RefuseAsync(context, request, new Refusal(StatusCodes.Status503ServiceUnavailable, "UNAVAILABLE", "temporarily_unavailable", "the token service has no keys yet"));
            return;
        }

        // A client that refreshes keeps the refresh token that it has; its end does not move.
        answer = request.RefreshToken is null ? answer : answer with { RefreshToken = request.RefreshToken };
        context.Response.Headers.CacheControl = "no-store";
        await WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(answer, TokenServiceJsonContext.Default.TokenServiceAnswer));
    }

    private async ValueTask<(GatewayCaller? Caller, string? Proof, Refusal? Refusal)> CallerAsync(HttpContext context, TokenServiceRequest request, string host)
    {
        if (request.RefreshToken is { } token)
        {
            var redeemed = refreshTokens.Redeem(token, host, out var proof, out var reason);
            return redeemed is null
                ? (null, null, new Refusal(StatusCodes.Status401Unauthorized, "UNAUTHORIZED", "invalid_grant", $"the refresh token does not count: {reason}; log in again"))
                : (redeemed, proof, null);
        }

        if (request.Login is not { } login)
        {
            return (GatewayCaller.Anonymous, null, null);
        }

        return await logins.LogInAsync(login, context.Connection.RemoteIpAddress, context.RequestAborted) switch
        {
            LoginVerdict.Authenticated accepted => (accepted.Caller, accepted.Proof, null),
            LoginVerdict.Limited limited => (null, null, new Refusal(StatusCodes.Status429TooManyRequests, "TOOMANYREQUESTS", "invalid_grant", "too many failed log-ins; try again later")
            {
                RetryAfter = limited.RetryAfter,
            }),
            LoginVerdict.Unknown unknown => (null, null, new Refusal(StatusCodes.Status503ServiceUnavailable, "UNAVAILABLE", "temporarily_unavailable", unknown.Reason)),
            _ => (null, null, new Refusal(StatusCodes.Status401Unauthorized, "UNAUTHORIZED", "invalid_grant", "incorrect username or password")),
        };
    }

    private static Task RefuseAsync(HttpContext context, TokenServiceRequest request, Refusal refusal, string? host = null)
    {
        context.Response.StatusCode = refusal.Status;
        if (refusal.Status == StatusCodes.Status401Unauthorized && host is not null)
        {
            context.Response.Headers.WWWAuthenticate = $"Basic realm=\"{host}\"";
        }

        if (refusal.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        var error = new TokenServiceError
        {
            Errors = [new TokenServiceErrorEntry(refusal.Code, refusal.Message)],
            Error = request.IsOAuth ? refusal.OAuthError : null,
            Description = request.IsOAuth ? refusal.Message : null,
        };
        return WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(error, TokenServiceJsonContext.Default.TokenServiceError));
    }

    /// <summary>With its length, so that it is sent at once.</summary>
    private static Task WriteAsync(HttpContext context, byte[] json)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        return context.Response.Body.WriteAsync(json, context.RequestAborted).AsTask();
    }

    private sealed record Refusal(int Status, string Code, string OAuthError, string Message)
    {
        public TimeSpan? RetryAfter { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(6315, LogLevel.Information, "Token for {Caller}: the scope {Scope} is refused: {Reason}")]
        public static partial void ScopeRefused(ILogger logger, string caller, string scope, string reason);
    }
}
