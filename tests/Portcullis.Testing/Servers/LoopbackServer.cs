using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Portcullis.Http.Serving;

namespace Portcullis.Testing.Servers;

/// <summary>A test's own server on a free port of 127.0.0.1, whatever the size of what it is sent.</summary>
public static class LoopbackServer
{
    /// <summary>A port of 127.0.0.1 that nobody listened on a moment ago, for a program that must be given one.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

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
