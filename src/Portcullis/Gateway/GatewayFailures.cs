using System.Net;
using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Registry;
using Portcullis.Core.Registries.Requests;
using Portcullis.Registries;

namespace Portcullis.Gateway;

/// <summary>What a client is told of what went wrong behind the gateway.</summary>
internal static class GatewayFailures
{
    /// <summary>Null for a client that has gone.</summary>
    public static GatewayRefusal? Of(Exception failure, HttpContext http) => failure switch
    {
        GatewayRefusal refusal => refusal,
        RegistryException e => new GatewayRefusal(ErrorOf(e), e),
        RegistryUnavailableException e => Unavailable(e),
        BadHttpRequestException e => new GatewayRefusal(new RegistryError(e.StatusCode, "SIZE_INVALID", "the request's body is not what its headers say"), e),
        _ when http.RequestAborted.IsCancellationRequested => null,
        HttpRequestException or IOException or TimeoutException => Unavailable(failure),
        _ => new GatewayRefusal(RegistryError.Unavailable(StatusCodes.Status500InternalServerError, "the gateway failed: the operator of this gateway finds the reason in its log"), failure),
    };

    /// <summary>Where the registry is, and what it said, is for the gateway's operator alone.</summary>
    public static RegistryError RegistryAway =>
        RegistryError.Unavailable(StatusCodes.Status503ServiceUnavailable, "the registry cannot be reached now: the operator of this gateway finds the reason in its log");

    private static GatewayRefusal Unavailable(Exception e) => new(RegistryAway, e);

    private static RegistryError ErrorOf(RegistryException e) => e.Kind switch
    {
        RegistryFailure.NotFound => new RegistryError(RegistryError.NotFound, e.Code ?? "MANIFEST_UNKNOWN", Said(e)),
        RegistryFailure.Invalid => new RegistryError((int)(e.Status ?? HttpStatusCode.BadRequest), e.Code ?? "MANIFEST_INVALID", Said(e)),
        RegistryFailure.Unsupported => RegistryError.Unsupported(StatusCodes.Status405MethodNotAllowed, Said(e)),
        RegistryFailure.TooManyRequests => new RegistryError(StatusCodes.Status429TooManyRequests, "TOOMANYREQUESTS", "the registry asks to be called less often"),
        RegistryFailure.Unavailable => RegistryError.Unavailable(StatusCodes.Status503ServiceUnavailable, "the registry cannot be reached now"),
        _ => RegistryError.Unavailable(StatusCodes.Status502BadGateway, "the registry does not answer as it should: the operator of this gateway finds the reason in its log"),
    };

    /// <summary>What the registry said, without where it is.</summary>
    public static string Said(RegistryException e) => e.Message.IndexOf(": ", StringComparison.Ordinal) is >= 0 and var end ? e.Message[(end + 2)..] : e.Message;
}
