using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Portcullis.Http.Serving;

/// <summary>Maps a server's options to Kestrel's.</summary>
internal static class KestrelSettings
{
    public static void Apply(KestrelServerOptions kestrel, HttpServerOptions options)
    {
        kestrel.AddServerHeader = false;
        Apply(kestrel.Limits, options.Limits);
        if (options.Listen is ListenAddress.UnixSocket socket)
        {
            kestrel.ListenUnixSocket(socket.Path, listen => Apply(listen, options.Tls));
        }
        else if (options.Listen is ListenAddress.Tcp tcp)
        {
            kestrel.Listen(tcp.EndPoint, listen => Apply(listen, options.Tls));
        }
    }

    private static void Apply(KestrelServerLimits kestrel, RequestLimits limits)
    {
        kestrel.MaxRequestBodySize = limits.LargestBody;
        kestrel.RequestHeadersTimeout = limits.HeadersWithin;
        kestrel.Http2.MaxStreamsPerConnection = limits.StreamsPerConnection;
        if (limits.AllowSlowClients)
        {
            kestrel.MinRequestBodyDataRate = null;
            kestrel.MinResponseDataRate = null;
        }
    }

    private static void Apply(ListenOptions listen, ServerTls? tls)
    {
        listen.Protocols = tls is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
        if (tls is not null)
        {
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls.HandshakeOptions()) });
        }
    }
}
