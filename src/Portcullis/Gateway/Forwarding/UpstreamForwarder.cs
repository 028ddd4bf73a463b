using Microsoft.AspNetCore.Http;
using Portcullis.Core.Registries.Requests;
using Yarp.ReverseProxy.Forwarder;

namespace Portcullis.Gateway.Forwarding;

/// <summary>Forwards a request and its answer as they come, byte by byte: a layer is never kept in memory or on a disk.</summary>
internal sealed class UpstreamForwarder(IHttpForwarder forwarder, GatewayOptions options, GatewayMetrics metrics, TimeProvider time)
{
    private readonly ForwarderRequestConfig _config = new() { ActivityTimeout = options.Patience, AllowResponseBuffering = false };

    /// <summary>Returns once the answer is sent.</summary>
    /// <exception cref="GatewayRefusal">There is no answer, or none for the client.</exception>
    public async Task ForwardAsync(GatewayExchange exchange, Upstream upstream, ForwardedRequest forwarded)
    {
        var credential = upstream.Authorization is { } authorization ? await authorization.AuthorizeAsync(forwarded.Access, exchange.Aborted) : null;
        var started = time.GetTimestamp();
        var transformer = new GatewayTransformer(exchange, upstream, forwarded, credential)
        {
            Came = answer => metrics.Upstream(time.GetElapsedTime(started), exchange.Http.Request.ContentLength, answer.Content.Headers.ContentLength),
        };
        var error = await forwarder.SendAsync(exchange.Http, upstream.Endpoint.Address.AbsoluteUri, upstream.Invoker, _config, transformer, exchange.Aborted);
        if (transformer.Refusal is { } refusal)
        {
            throw refusal;
        }

        if (error != ForwarderError.None && !exchange.Http.Response.HasStarted)
        {
            throw RefusalOf(error, exchange.Http.GetForwarderErrorFeature()?.Exception, upstream);
        }
    }

    private static GatewayRefusal RefusalOf(ForwarderError error, Exception? exception, Upstream upstream) => exception switch
    {
        BadHttpRequestException wrong => new GatewayRefusal(new RegistryError(wrong.StatusCode, "SIZE_INVALID", "the request's body is not what its headers say"), exception),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => new GatewayRefusal(
            RegistryError.Unavailable(StatusCodes.Status503ServiceUnavailable, $"{upstream.Endpoint.Authority} cannot be reached"), exception),
        _ => new GatewayRefusal(
            error == ForwarderError.RequestTimedOut
                ? RegistryError.Unavailable(StatusCodes.Status504GatewayTimeout, $"{upstream.Endpoint.Authority} does not answer")
                : RegistryError.Unavailable(StatusCodes.Status502BadGateway, $"{upstream.Endpoint.Authority} broke off"),
            exception),
    };
}
