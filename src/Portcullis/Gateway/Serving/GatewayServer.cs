using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Http.Serving;

namespace Portcullis.Gateway.Serving;

/// <summary>Listens for clients.</summary>
internal sealed partial class GatewayServer(GatewayOptions options, GatewayEndpoint endpoint, ReloadedCertificate certificate, ILoggerFactory loggers) : BackgroundService
{
    private HttpServer? _server;

    /// <summary>Where it listens, as a URL; null before it does.</summary>
    public string? Address => _server?.Address;

    /// <exception cref="CertificateException">The certificate cannot be used.</exception>
    /// <exception cref="CannotListenException">The address cannot be had.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await certificate.LoadAsync(cancellationToken);
        _server = await HttpServer.StartAsync(ServerOptions(), endpoint.HandleAsync, cancellationToken);
        Log.Listening(loggers.CreateLogger<GatewayServer>(), _server.Address);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_server is not null)
        {
            await _server.StopAsync(cancellationToken);
            await _server.DisposeAsync();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => certificate.FollowAsync(stoppingToken);

    private HttpServerOptions ServerOptions() => new()
    {
        Listen = options.Listen,

        // A layer has any size, and comes at any speed (UpstreamForwarder). Behind a proxy all clients are one.
        Limits = new RequestLimits { LargestBody = null, ConnectionsPerClient = 1000 },
        Tls = certificate.Current is null ? null : new ServerTls(() => certificate.Current!.Certificate) { IntermediatesOf = _ => certificate.Current!.Intermediates },
        Loggers = loggers,
    };

    private static partial class Log
    {
        [LoggerMessage(7223, LogLevel.Information, "The gateway listens on {Address}")]
        public static partial void Listening(ILogger logger, string address);
    }
}
