using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Registry.Authorization;

namespace Portcullis.Gateway.Forwarding;

/// <summary>What is asked of a server behind the gateway in place of the client's request.</summary>
/// <param name="Target">Path and query, written by the gateway.</param>
/// <param name="Access">What the request needs there.</param>
internal sealed record ForwardedRequest(string Target, RegistryAccess Access)
{
    /// <summary>Null for the client's own.</summary>
    public HttpMethod? Method { get; init; }

    /// <summary>Changes the answer's headers once they are copied and before they are sent; the answer is not an error. May throw a <see cref="GatewayRefusal"/>.</summary>
    public Action<HttpResponse>? Answered { get; init; }

    /// <summary>Is waited for before the answer of a request that succeeded is sent.</summary>
    public Func<CancellationToken, Task>? Succeeded { get; init; }
}
