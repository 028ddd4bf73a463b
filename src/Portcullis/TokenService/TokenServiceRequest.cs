using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Portcullis.Identity.Logins;

namespace Portcullis.TokenService;

/// <summary>What a client asks for: by GET (Docker registry token specification, "Token Authentication") or POST ("OAuth2").</summary>
internal sealed record TokenServiceRequest
{
    private const int LargestForm = 64 * 1024;

    /// <summary>The service parameter: the registry's host. Null when it is missing.</summary>
    public string? Service { get; init; }

    public IReadOnlyList<string?> Scopes { get; init; } = [];

    /// <summary>Name and password; null when none are shown.</summary>
    public LoginAttempt? Login { get; init; }

    public string? RefreshToken { get; init; }

    /// <summary>Whether the client wants a refresh token.</summary>
    public bool WantsRefreshToken { get; init; }

    /// <summary>Whether errors are answered as OAuth 2.0 has them.</summary>
    public bool IsOAuth { get; init; }

    /// <summary>What makes the request none; null for a good one.</summary>
    public string? Problem { get; init; }

    public static async ValueTask<TokenServiceRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (HttpMethods.IsGet(request.Method))
        {
            return OfQuery(request);
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestForm;
        }

        try
        {
            return request.HasFormContentType
                ? OfForm(await request.ReadFormAsync(new FormOptions { ValueLengthLimit = LargestForm }, cancellationToken))
                : new TokenServiceRequest { IsOAuth = true, Problem = "the body is not a form (application/x-www-form-urlencoded)" };
        }
        catch (InvalidDataException)
        {
            return new TokenServiceRequest { IsOAuth = true, Problem = "the form cannot be read" };
        }
    }

    private static TokenServiceRequest OfQuery(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        var login = BasicOf(authorization);
        return new TokenServiceRequest
        {
            Service = One(request.Query["service"]),
            Scopes = request.Query["scope"],
            Login = login,
            WantsRefreshToken = One(request.Query["offline_token"]) == "true",
            Problem = authorization.Length > 0 && login is null ? "the Authorization header is not Basic with a name and a password" : null,
        };
    }

    private static TokenServiceRequest OfForm(IFormCollection form)
    {
        var request = new TokenServiceRequest
        {
            Service = One(form["service"]),
            Scopes = form["scope"],
            WantsRefreshToken = One(form["access_type"]) == "offline",
            IsOAuth = true,
        };
        return One(form["grant_type"]) switch
        {
            "password" => request with { Login = new LoginAttempt(One(form["username"]) ?? "", One(form["password"]) ?? "") },
            "refresh_token" when One(form["refresh_token"]) is { Length: > 0 } token => request with { RefreshToken = token },
            "refresh_token" => request with { Problem = "refresh_token is missing" },
            _ => request with { Problem = "grant_type is not password or refresh_token" },
        };
    }

    /// <summary>RFC 7617. Null for anything else.</summary>
    private static LoginAttempt? BasicOf(string header)
    {
        const string scheme = "Basic ";
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        try
        {
            var text = Encoding.UTF8.GetString(Convert.FromBase64String(header[scheme.Length..].Trim()));
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            return colon < 0 ? null : new LoginAttempt(text[..colon], text[(colon + 1)..]);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string? One(StringValues values) => values.Count == 0 ? null : values[0];
}
