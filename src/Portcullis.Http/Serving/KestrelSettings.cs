using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Portcullis.Http.Serving;

/// <summary>Maps a server's options to Kestrel's.</summary>
internal static class KestrelSettings
{
    /// <summary>As many as one process has, and its other files beside them.</summary>
    private const int ServersOfProcess = 4;

    /// <summary>Of all connections, at most so many parts are one client's, also where a process may have few files open.</summary>
    private const int ClientsAtLeast = 4;

    public static void Apply(KestrelServerOptions kestrel, HttpServerOptions options, ConnectionShares? shares = null)
    {
        kestrel.AddServerHeader = false;
        Apply(kestrel.Limits, options.Limits);
        if (options.Listen is ListenAddress.UnixSocket socket)
        {
            kestrel.ListenUnixSocket(socket.Path, listen => Apply(listen, options.Tls, shares));
        }
        else if (options.Listen is ListenAddress.Tcp tcp)
        {
            kestrel.Listen(tcp.EndPoint, listen => Apply(listen, options.Tls, shares));
        }
    }

    /// <summary>Null for a server whose clients have no limits of their own.</summary>
    public static ConnectionShares? SharesOf(HttpServerOptions options) =>
        options.Limits.ConnectionsPerClient is { } share && !IsLoopback(options.Listen) ? new ConnectionShares(PerClient(share, ConnectionsOf(options.Limits, OpenFiles.Limit))) : null;

    internal static int PerClient(int share, int connections) => Math.Max(1, Math.Min(share, connections / ClientsAtLeast));

    internal static int ConnectionsOf(RequestLimits limits, int files) => Math.Min(limits.Connections, files / ServersOfProcess);

    /// <summary>There all clients have the same address: one could use up what is another's.</summary>
    private static bool IsLoopback(ListenAddress listen) => listen is ListenAddress.Tcp tcp && IPAddress.IsLoopback(tcp.EndPoint.Address);

    private static void Apply(KestrelServerLimits kestrel, RequestLimits limits)
    {
        kestrel.MaxRequestBodySize = limits.LargestBody;
        kestrel.MaxConcurrentConnections = ConnectionsOf(limits, OpenFiles.Limit);
        kestrel.KeepAliveTimeout = limits.IdleFor;
        kestrel.RequestHeadersTimeout = limits.HeadersWithin;
        kestrel.Http2.MaxStreamsPerConnection = limits.StreamsPerConnection;
        if (limits.AllowSlowClients)
        {
            kestrel.MinRequestBodyDataRate = null;
            kestrel.MinResponseDataRate = null;
        }
    }

    private static void Apply(ListenOptions listen, ServerTls? tls, ConnectionShares? shares)
    {
        if (shares is not null)
        {
            listen.Use(shares.Before);
        }

        listen.Protocols = tls is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
        if (tls is not null)
        {
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls.HandshakeOptions()) });
        }
    }
}
