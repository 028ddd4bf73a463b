using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Portcullis.Core.Registries.Requests;
using Yarp.ReverseProxy.Forwarder;
using MinDataRate = Microsoft.AspNetCore.Server.Kestrel.Core.MinDataRate;

namespace Portcullis.Gateway.Forwarding;

/// <summary>Forwards a request and its answer as they come, byte by byte: a layer is never kept in memory or on a disk.</summary>
internal sealed class UpstreamForwarder(IHttpForwarder forwarder, GatewayOptions options, GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>So that the error names the client as the slow side, where it was.</summary>
    private static readonly TimeSpan AfterClient = TimeSpan.FromSeconds(5);

    /// <summary>The server looks at its connections once a second.</summary>
    private static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(2);

    private readonly ForwarderRequestConfig _config = new() { ActivityTimeout = options.Patience + AfterClient, AllowResponseBuffering = false };

    /// <summary>Returns once the answer is sent.</summary>
    /// <exception cref="GatewayRefusal">There is no answer, or none for the client.</exception>
    public async Task ForwardAsync(GatewayExchange exchange, Upstream upstream, ForwardedRequest forwarded)
    {
        Pace(exchange.Http);
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
            throw RefusalOf(error, exchange.Http.GetForwarderErrorFeature()?.Exception);
        }
    }

    /// <summary>
    /// A client that is packing a layer may send nothing for a while, for longer than the server lets others; but not for ever, nor at the speed of a drip. The server
    /// itself sees to it where it can, which is not in HTTP/2.
    /// </summary>
    private void Pace(HttpContext http)
    {
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is not { } rate)
        {
            return;
        }

        if (HttpProtocol.IsHttp2(http.Request.Protocol))
        {
            rate.MinDataRate = null;
            http.Request.Body = new PacedBody(http.Request.Body, options.Patience, time);
            return;
        }

        rate.MinDataRate = new MinDataRate(PacedBody.BytesPerSecond, options.Patience > ShortestPatience ? options.Patience : ShortestPatience);
    }

    /// <summary>Where client and registry both broke off, the client did first.</summary>
    private static BadHttpRequestException? OfClient(Exception? exception) => exception switch
    {
        BadHttpRequestException wrong => wrong,
        AggregateException several => several.InnerExceptions.Select(OfClient).FirstOrDefault(e => e is not null),
        _ => null,
    };

    private static GatewayRefusal RefusalOf(ForwarderError error, Exception? exception) => (OfClient(exception) ?? exception) switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } slow => new GatewayRefusal(new RegistryError(slow.StatusCode, "BLOB_UPLOAD_INVALID", $"the body comes slower than {PacedBody.BytesPerSecond} bytes a second"), exception),
        BadHttpRequestException wrong => new GatewayRefusal(new RegistryError(wrong.StatusCode, "SIZE_INVALID", "the request's body is not what its headers say"), exception),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => new GatewayRefusal(
            RegistryError.Unavailable(StatusCodes.Status503ServiceUnavailable, "the registry cannot be reached"), exception),
        _ => new GatewayRefusal(
            error == ForwarderError.RequestTimedOut
                ? RegistryError.Unavailable(StatusCodes.Status504GatewayTimeout, "the registry does not answer")
                : RegistryError.Unavailable(StatusCodes.Status502BadGateway, "the registry broke off"),
            exception),
    };
}
