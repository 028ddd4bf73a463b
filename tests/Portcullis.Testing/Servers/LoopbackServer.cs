using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Portcullis.Http.Serving;

namespace Portcullis.Testing.Servers;

/// <summary>A test's own server on a free port of 127.0.0.1, whatever the size of what it is sent.</summary>
public static class LoopbackServer
{
    /// <summary>Over TLS with the certificate, or over plain HTTP without one.</summary>
    public static Task<HttpServer> StartAsync(X509Certificate2? certificate, RequestDelegate endpoint) =>
        HttpServer.StartAsync(
            new HttpServerOptions
            {
                Listen = ListenAddress.Loopback(0),
                Limits = new RequestLimits { LargestBody = null, AllowSlowClients = true },
                Tls = certificate is null ? null : new ServerTls(() => certificate),
            },
            endpoint,
            CancellationToken.None);
}
