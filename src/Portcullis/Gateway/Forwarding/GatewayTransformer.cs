using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Portcullis.Core.Registries.Requests;
using Yarp.ReverseProxy.Forwarder;

namespace Portcullis.Gateway.Forwarding;

/// <summary>
/// Turns a client's request into the gateway's own, and the answer back. Nothing of the client's that could mean something behind the gateway goes
/// with it: not its path, its credentials, its cookies, nor what it says of who forwarded it.
/// </summary>
internal sealed class GatewayTransformer(GatewayExchange exchange, Upstream upstream, ForwardedRequest forwarded, AuthenticationHeaderValue? credential) : HttpTransformer
{
    private static readonly string[] Dropped =
        ["Cookie", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Real-Ip", "X-Original-Url", "X-Rewrite-Url", "X-Http-Method-Override"];

    private static readonly string[] Hidden = ["WWW-Authenticate", "Set-Cookie", "Link", "Server", "Alt-Svc"];

    /// <summary>What the client gets in place of the answer; null when it gets the answer.</summary>
    public GatewayRefusal? Refusal { get; private set; }

    /// <summary>When the answer's headers came.</summary>
    public Action<HttpResponseMessage>? Came { get; init; }

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var headers = proxyRequest.Headers;
        foreach (var name in Dropped)
        {
            headers.Remove(name);
        }

        proxyRequest.Method = forwarded.Method ?? proxyRequest.Method;
        proxyRequest.RequestUri = new Uri(upstream.Endpoint.Address, forwarded.Target);
        headers.Host = null;
        headers.Authorization = credential;
        headers.TryAddWithoutValidation("X-Forwarded-For", httpContext.Connection.RemoteIpAddress?.ToString() ?? "unknown");
        headers.TryAddWithoutValidation("X-Forwarded-Host", exchange.Registry.Spec.Host);
        headers.TryAddWithoutValidation("X-Forwarded-Proto", httpContext.Request.Scheme);
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return false;
        }

        Came?.Invoke(proxyResponse);
        if (RefusalOf(proxyResponse) is { } refusal)
        {
            Refusal = refusal;
            return false;
        }

        await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        var response = httpContext.Response;
        foreach (var name in Hidden)
        {
            response.Headers.Remove(name);
        }

        response.Headers[GatewayHeaders.ApiVersion] = GatewayHeaders.ApiVersionValue;
        try
        {
            RewriteLocation(response);
            forwarded.Answered?.Invoke(response);
        }
        catch (GatewayRefusal refused)
        {
            Refusal = refused;
            return false;
        }

        if (forwarded.Succeeded is { } succeeded && proxyResponse.IsSuccessStatusCode)
        {
            await succeeded(cancellationToken);
        }

        return true;
    }

    private static GatewayRefusal? RefusalOf(HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        return answer.StatusCode switch
        {
            // The client's own rights were found to be enough: it is the gateway whom the server does not accept.
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new GatewayRefusal(
                RegistryError.Unavailable(StatusCodes.Status502BadGateway, $"the registry does not accept the gateway's credentials (status {status})")),
            >= HttpStatusCode.InternalServerError => new GatewayRefusal(RegistryError.Unavailable(
                answer.StatusCode == HttpStatusCode.ServiceUnavailable ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status502BadGateway,
                string.Create(CultureInfo.InvariantCulture, $"the registry failed with status {status}"))),
            >= HttpStatusCode.BadRequest when answer.Content.Headers.ContentType?.MediaType is not "application/json" => new GatewayRefusal(
                new RegistryError(status, status == RegistryError.NotFound ? "NAME_UNKNOWN" : "UNSUPPORTED", string.Create(CultureInfo.InvariantCulture, $"the registry answered with status {status}"))),
            _ => null,
        };
    }

    /// <summary>A location on the registry itself is named as clients reach it. Another one, such as of an object store, goes to the client when it is https.</summary>
    private void RewriteLocation(HttpResponse response)
    {
        if (response.Headers.Location.ToString() is not { Length: > 0 } location)
        {
            return;
        }

        var url = new Uri(new Uri(upstream.Endpoint.Address, forwarded.Target), location);
        if (upstream.Endpoint.Covers(url) || string.Equals(url.Authority, exchange.Registry.Spec.Host, StringComparison.OrdinalIgnoreCase))
        {
            response.Headers.Location = url.PathAndQuery;
        }
        else if (url.Scheme != Uri.UriSchemeHttps)
        {
            throw new GatewayRefusal(RegistryError.Unavailable(StatusCodes.Status502BadGateway, "the registry redirects to an address without TLS"));
        }
    }
}
