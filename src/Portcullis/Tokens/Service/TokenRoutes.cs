using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Portcullis.Tokens.Service;

/// <summary>Where clients get their tokens.</summary>
internal static class TokenRoutes
{
    /// <summary>The realm of the gateway's challenges.</summary>
    public const string Path = "/token";

    /// <summary>DTR's own, which scripts may name.</summary>
    public const string DtrPath = "/auth/token";

    public static IEndpointRouteBuilder MapTokenService(this IEndpointRouteBuilder endpoints, TokenEndpoint service)
    {
        foreach (var path in new[] { Path, DtrPath })
        {
            endpoints.MapMethods(path, [HttpMethods.Get, HttpMethods.Post], (RequestDelegate)service.HandleAsync);
        }

        return endpoints;
    }
}
