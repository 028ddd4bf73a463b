using Microsoft.Extensions.Logging;

namespace Portcullis.Http.Serving;

/// <summary>The whole configuration of a server. It reads none from anywhere else.</summary>
public sealed record HttpServerOptions
{
    public required ListenAddress Listen { get; init; }

    public required RequestLimits Limits { get; init; }

    /// <summary>Null for plain HTTP.</summary>
    public ServerTls? Tls { get; init; }

    /// <summary>Where the server's own messages go; null for nowhere.</summary>
    public ILoggerFactory? Loggers { get; init; }
}
